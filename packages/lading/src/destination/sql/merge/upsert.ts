import { equal, isChanged } from "./conditions.ts";
import { keepRows, ofRootRows } from "./keep-rows.ts";
import type { MergeChain } from "./merge-chain.ts";

/**
 * Merges by upsert (spec dlt-core 8.5): a row takes the place of the one with its primary key, with the same id, which is a
 * hash of the key; what is nested in it is what came with it. Rows that have the key but another id were loaded by another
 * disposition: they go too, with all that is nested in them (of which dlt leaves orphans).
 *
 * As in dlt, a row that is marked as deleted deletes the one that is there, and is inserted where none is.
 *
 * There is no MERGE: DuckDB holds all rows of one in memory, and some engines have none.
 *
 * @param options.insertsDeleted `false`: a row that is marked as deleted is not inserted. Default: `true`
 */
export function upsert(chain: MergeChain, options: { readonly insertsDeleted?: boolean } = {}): string[] {
  const { root, nested, tables, primaryKey, alive } = chain;
  const kept = tables.temporary("kept");
  const found = tables.temporary("found");
  const changed = chain.skipUnchanged ? isChanged(root.compared) : undefined;
  // Of the rows that are there with a key that came: which came, its own id, and whether it must go.
  const goes = [
    ...(changed === undefined ? ["TRUE"] : [changed, `d.${root.rowKey} <> s.${root.rowKey}`]),
    ...(alive === undefined ? [] : ["NOT k.alive"]),
  ].join(" OR ");
  const inserted = [
    `${tables.arrival} IN (SELECT arrival FROM ${kept}${options.insertsDeleted === false ? " WHERE alive" : ""})`,
    `${tables.arrival} NOT IN (SELECT arrival FROM ${found} WHERE NOT goes)`,
    ...(alive === undefined ? [] : [`(${alive} OR ${tables.arrival} NOT IN (SELECT arrival FROM ${found}))`]),
  ].join(" AND ");
  const columns = root.columns.join(", ");
  return [
    keepRows(chain, kept, primaryKey),
    `CREATE TEMPORARY TABLE ${found} AS SELECT k.arrival, d.${root.rowKey} AS id, (${goes}) AS goes FROM ${root.target} AS d JOIN ${root.staging} AS s ON ${equal(primaryKey, "d", "s")} JOIN ${kept} AS k ON k.arrival = s.${tables.arrival}`,
    ...nested.map(
      (table) =>
        `DELETE FROM ${table.target} WHERE ${table.rootKey} IN (SELECT id FROM ${found} UNION ALL SELECT id FROM ${kept})`,
    ),
    `DELETE FROM ${root.target} WHERE ${root.rowKey} IN (SELECT id FROM ${found} WHERE goes)`,
    `INSERT INTO ${root.target} (${columns}) SELECT ${columns} FROM ${root.staging} WHERE ${inserted}`,
    ...nested.map((table) => {
      const list = table.columns.join(", ");
      return `INSERT INTO ${table.target} (${list}) SELECT ${list} FROM ${table.staging} WHERE ${ofRootRows(chain, kept, "alive")}`;
    }),
  ];
}
