import { leastMemory } from "../../engines/duckdb/driver.ts";
import type { Part } from "../../load-package/manifest.ts";

const wide = 250;

/**
 * Megabytes that DuckDB needs to load some row files: more for very wide tables, of which it keeps a vector for each
 * column, and for very long rows, of which it keeps several copies.
 */
export function memoryFor(parts: readonly Pick<Part, "columns" | "longestRow">[]): number {
  let megabytes = leastMemory;
  for (const { columns, longestRow } of parts) {
    const forColumns = Math.max(0, columns.length - wide) / 4;
    const forRow = (longestRow / 1_000_000) * 16;
    megabytes = Math.max(megabytes, leastMemory + forColumns + forRow);
  }
  return Math.ceil(megabytes);
}
