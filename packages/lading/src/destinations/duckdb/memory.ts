import { leastMemory } from "../../engines/duckdb/driver.ts";
import type { ExpectedFile } from "../../destination/sql/load/index.ts";

/**
 * Megabytes for each column of a table. To add rows to one that has some, the commit holds two blocks of 256 kB for each of
 * its columns, all at once; one table after the other.
 */
const forColumn = 0.56;
const beside = 24;

/** Megabytes that DuckDB needs to load some row files: more for wide tables, and for very long rows, of which it keeps copies. */
export function memoryFor(files: readonly ExpectedFile[]): number {
  let megabytes = leastMemory;
  for (const { columns, longestRow } of files) {
    const forTable = Math.max(leastMemory, beside + columns * forColumn);
    megabytes = Math.max(megabytes, forTable + (longestRow / 1_000_000) * 16);
  }
  return Math.ceil(megabytes);
}
