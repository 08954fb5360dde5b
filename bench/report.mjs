import { table } from "../scripts/lib/table.mjs";
import { median } from "./measure.mjs";

/**
 * What came of one contender.
 * @param {number} rows that each of its runs loaded
 * @param {readonly object[]} runs what was measured of each
 */
export function summary(name, rows, runs) {
  const medianOf = (key) => {
    const values = runs.flatMap((one) => one[key] ?? []);
    return values.length > 0 ? median(values) : null;
  };
  const seconds = medianOf("seconds");
  const peak = medianOf("peakMegabytes");
  return {
    name,
    seconds,
    rowsPerSecond: Math.round(rows / seconds),
    peakMegabytes: peak === null ? null : Math.round(peak),
    workSeconds: medianOf("workSeconds"),
    serverSeconds: medianOf("serverSeconds"),
    runs,
  };
}

/**
 * Prints medians as a table, each beside Lading's, which stand first.
 * @param {string} title
 * @param {{ before: number, after: number }} calibration
 * @param {readonly ReturnType<typeof summary>[]} results
 * @param {{ note?: string }} [more] `note`: a line below the table
 */
export function print(title, { before, after }, results, { note } = {}) {
  const { stdout } = process;
  stdout.write(`\n${title}, medians of whole processes\n`);
  stdout.write(`calibration: JSON.parse of 16 MB took ${before} ms before and ${after} ms after\n\n`);
  const ofServer = results.some(({ serverSeconds }) => serverSeconds !== null);
  const head = ["", "seconds", "rows/s", "peak MB", ...(ofServer ? ["server's CPU"] : []), "lading beside it"];
  const lines = results.map(({ name, seconds, rowsPerSecond, peakMegabytes, serverSeconds }) => [
    name,
    Number(seconds.toFixed(2)),
    rowsPerSecond,
    peakMegabytes,
    ...(ofServer ? [serverSeconds === null ? null : Number(serverSeconds.toFixed(2))] : []),
    name === "lading" ? "" : `${(seconds / results[0].seconds).toFixed(1)}x as fast`,
  ]);
  stdout.write(`${table(head, lines)}\n`);
  if (note !== undefined) stdout.write(`\n  ${note}\n`);
  if (Math.max(before, after) > 1.25 * Math.min(before, after)) {
    stdout.write("  The machine changed its speed meanwhile: compare the columns, but do not quote the figures.\n");
  }
}
