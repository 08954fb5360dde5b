import type { Observed } from "../../src/testing/golden/index.ts";

/** Replaces the moments at which loads began, which `scd2` writes into its rows, by the number of the load. */
export function maskTimes<T extends Omit<Observed, "error">>(observed: T): T {
  const times = new Map((observed.loads ?? []).map(([load], index) => [timeOf(String(load)), `<time ${index + 1}>`]));
  const tables = Object.entries(observed.tables).map(([name, table]) => [
    name,
    table.rows === undefined
      ? table
      : {
          ...table,
          rows: table.rows.map((row) => row.map((cell) => (cell === null ? null : (times.get(cell) ?? cell)))),
        },
  ]);
  return { ...observed, tables: Object.fromEntries(tables) as Observed["tables"] };
}

/** A load id, which is seconds since 1970, as DuckDB prints its moment. */
function timeOf(loadId: string): string {
  const seconds = Math.floor(Number(loadId));
  const micros = Math.round((Number(loadId) - seconds) * 1e6);
  const fraction = String(micros).padStart(6, "0").replace(/0+$/, "");
  const date = new Date(seconds * 1000).toISOString();
  return `${date.slice(0, 10)} ${date.slice(11, 19)}${fraction === "" ? "" : `.${fraction}`}+00`;
}
