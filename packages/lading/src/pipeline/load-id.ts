/**
 * Draws the id of a load: seconds since 1970 with a fraction, as Python prints a float (spec dlt-core 5.2). Always
 * later than the newest id that is known, whatever the clock says, as number and as text; the one that comes next after
 * that is left for its {@link stateLoadId}.
 */
export function nextLoadId(now: number, newest: string | undefined): string {
  const clock = Math.round(now * 1000);
  const last = newest === undefined ? Number.NaN : Number(newest);
  const microseconds = Number.isFinite(last) ? Math.max(clock, Math.round(last * 1e6) + 2) : clock;
  return loadIdText(microseconds);
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
