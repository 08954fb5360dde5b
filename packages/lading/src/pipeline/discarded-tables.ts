import type { Names } from "../normalize/names.ts";
import { rootTableName } from "../normalize/root-table.ts";
import { hasSeenData, type Schema } from "../schema/schema.ts";
import type { Extraction } from "./extraction.ts";

/**
 * Tables of resources of which rows came into this package, and a contract discarded every one. They have no rows in the package, and yet it is
 * loaded, so that the load and what its schema says are on record, as in dlt (spec dlt-1.31 3). Nothing is merged into
 * them: rows that were discarded are no reason to retire others.
 */
export function discardedTables(
  base: Schema,
  extraction: Extraction,
  withRows: ReadonlySet<string>,
  names: Names,
): string[] {
  const tables = new Set<string>();
  for (const { node, discarded, discardedBefore } of extraction.progress.values()) {
    const { name: resource, hints } = node.resource;
    const fixed = rootTableName(names, hints, resource);
    for (const name of fixed === undefined ? Object.keys(discarded) : [fixed]) {
      const table = base.tables.get(name);
      const rows = (discarded[name]?.rows ?? 0) - (discardedBefore[name]?.rows ?? 0);
      if (rows === 0 || table === undefined || !hasSeenData(table) || withRows.has(name)) continue;
      if (fixed !== undefined || (table.parent === undefined && table.resource === resource)) tables.add(name);
    }
  }
  return [...tables];
}
