import { equal } from "./conditions.ts";
import { keepRows, keptSource, ofRootRows } from "./keep-rows.ts";
import type { MergeChain } from "./merge-chain.ts";

/**
 * Merges by insert-only (spec dlt-core 8.5): rows are added whose primary key is not there, what is there stays as it is.
 * As in dlt, elements at the end of a list that grew are added too: their ids are not there yet. Rows that are marked as
 * deleted are left out, with what is nested in them (of which dlt leaves orphans).
 */
export function insertOnly(chain: MergeChain): string[] {
  const { root, nested, tables, primaryKey } = chain;
  const kept = tables.temporary("kept");
  const columns = root.columns.join(", ");
  return [
    keepRows(chain, kept, primaryKey),
    `INSERT INTO ${root.target} (${columns}) SELECT ${columns} FROM ${keptSource(chain, kept, "alive")} AS s WHERE NOT EXISTS (SELECT 1 FROM ${root.target} AS d WHERE ${equal(primaryKey, "d", "s")})`,
    ...nested.map((table) => {
      const list = table.columns.join(", ");
      // A row that is there with another id was not loaded by its key: nothing can be nested in the new one.
      const chosen = ofRootRows(chain, kept, `alive AND id IN (SELECT ${root.rowKey} FROM ${root.target})`);
      return `INSERT INTO ${table.target} (${list}) SELECT ${list} FROM ${table.staging} WHERE ${chosen} AND ${table.rowKey} NOT IN (SELECT ${table.rowKey} FROM ${table.target})`;
    }),
  ];
}
