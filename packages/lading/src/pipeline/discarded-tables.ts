import { hasSeenData, type Schema } from "../schema/schema.ts";
import type { Extraction } from "./extraction.ts";

/**
 * Root tables of which rows came, and a contract discarded every one. They have no rows in the package, and yet it is
 * loaded, so that the load and what its schema says are on record, as in dlt (spec dlt-1.31 3). Nothing is merged into
 * them: rows that were discarded are no reason to retire others.
 */
export function discardedTables(base: Schema, extraction: Extraction, withRows: ReadonlySet<string>): string[] {
  const tables = new Set<string>();
  for (const { discarded } of extraction.progress.values()) {
    for (const [name, { rows }] of Object.entries(discarded)) {
      const table = base.tables.get(name);
      if (rows === 0 || table === undefined || table.parent !== undefined) continue;
      if (hasSeenData(table) && !withRows.has(name)) tables.add(name);
    }
  }
  return [...tables];
}
