import { equal, filteredSource, withinReach } from "./conditions.ts";
import type { MergeChain } from "./merge-chain.ts";
import { upsert } from "./upsert.ts";

/**
 * Merges a source that gives all of its rows (spec dlt-1.31 5.3): rows whose primary key did not come are deleted with all
 * that is nested in them, the others are upserted. A merge key or a destination scope limits what may be deleted.
 */
export function cdc(chain: MergeChain): string[] {
  const { root, nested, primaryKey } = chain;
  const came = `SELECT 1 FROM ${filteredSource(chain, primaryKey)} AS s WHERE ${equal(primaryKey, "s", root.target)}`;
  const absent = [`NOT EXISTS (${came})`, ...withinReach(chain, root.target)].join(" AND ");
  return [
    ...nested.map(
      (table) =>
        `DELETE FROM ${table.target} WHERE ${table.rootKey} IN (SELECT ${root.rowKey} FROM ${root.target} WHERE ${absent})`,
    ),
    `DELETE FROM ${root.target} WHERE ${absent}`,
    ...upsert(chain, { insertsDeleted: false }),
  ];
}
