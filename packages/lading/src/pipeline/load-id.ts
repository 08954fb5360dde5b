/** Microseconds among which an id is drawn: it stays within its millisecond, and leaves room for one more. */
const spread = 998;

/**
 * Draws the id of a load: seconds since 1970 with a fraction, as Python prints a float (spec dlt-core 5.2). Always
 * later than the newest id that is known, whatever the clock says, as number and as text; the one that comes next after
 * that is left for its {@link stateLoadId}. The clock has milliseconds: pipelines that draw in the same one, or in its
 * place the newest id that both know, are kept apart by chance.
 *
 * @param now milliseconds since 1970
 * @param chance at least 0, below 1
 */
export function nextLoadId(now: number, newest: string | undefined, chance: number): string {
  const clock = Math.round(now * 1000);
  const last = newest === undefined ? Number.NaN : Number(newest);
  const earliest = Number.isFinite(last) ? Math.max(clock, Math.round(last * 1e6) + 2) : clock;
  return loadIdText(earliest + Math.floor(chance * spread));
}

/** The id of the load that a package's state counts as, where it belongs to another schema than the rows. */
export function stateLoadId(loadId: string): string {
  return loadIdText(Math.round(Number(loadId) * 1e6) + 1);
}

function loadIdText(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1e6);
  const fraction = String(microseconds - seconds * 1e6)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${seconds}.${fraction === "" ? "0" : fraction}`;
}
