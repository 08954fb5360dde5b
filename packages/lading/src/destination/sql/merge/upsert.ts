import type { TableRef } from "../dialect.ts";
import { assignments, equal, isChanged } from "./conditions.ts";
import { keepRows, keptSource, ofRootRows } from "./keep-rows.ts";
import type { MergeChain, MergeTable } from "./merge-chain.ts";

/**
 * Merges by upsert (spec dlt-core 8.5): rows are updated in their place by their primary key, nested ones by their ids,
 * which are hashes of key and place; elements that a list has no more are deleted.
 *
 * As in dlt, a row that is marked as deleted deletes the one that is there, and is inserted where none is.
 *
 * @param options.insertsDeleted `false`: a row that is marked as deleted is not inserted. Default: `true`
 */
export function upsert(chain: MergeChain, options: { readonly insertsDeleted?: boolean } = {}): string[] {
  const { root, nested, tables, primaryKey, hardDelete } = chain;
  const kept = tables.temporary("kept");
  const source = keptSource(chain, kept);
  const values = root.columns.map((column) => `s.${column}`).join(", ");
  const onlyAlive =
    options.insertsDeleted === false && hardDelete !== undefined ? ` AND ${hardDelete.alive("s.")}` : "";
  const merge = [
    `MERGE INTO ${root.target} AS d USING ${source} AS s ON ${equal(primaryKey, "d", "s")}`,
    ...(hardDelete === undefined ? [] : [`WHEN MATCHED AND ${hardDelete.deleted("s.")} THEN DELETE`]),
    ...updateWhenMatched(chain, root),
    `WHEN NOT MATCHED${onlyAlive} THEN INSERT (${root.columns.join(", ")}) VALUES (${values})`,
  ];
  return [
    keepRows(chain, kept, primaryKey),
    ...removeStrangers(chain, source),
    merge.join(" "),
    ...nested.flatMap((table) => upsertNested(chain, table, kept)),
  ];
}

function updateWhenMatched(chain: MergeChain, table: MergeTable): string[] {
  const update = `THEN UPDATE SET ${assignments(table.columns)}`;
  if (!chain.skipUnchanged) return [`WHEN MATCHED ${update}`];
  const changed = isChanged(table.compared);
  return changed === undefined ? [`WHEN MATCHED ${update}`] : [`WHEN MATCHED AND (${changed}) ${update}`];
}

/**
 * Takes out rows that have a key that came but not its id: they were loaded by another disposition, with ids drawn by
 * chance, and perhaps several of one key. Updated in their place they would leave their nested rows behind (as in dlt).
 */
function removeStrangers({ root, nested, tables, primaryKey }: MergeChain, source: string): string[] {
  const strangers = tables.temporary("strangers");
  return [
    `CREATE TEMPORARY TABLE ${strangers} AS SELECT DISTINCT d.${root.rowKey} AS id FROM ${root.target} AS d JOIN ${source} AS s ON ${equal(primaryKey, "d", "s")} WHERE d.${root.rowKey} <> s.${root.rowKey}`,
    ...nested.map((table) => `DELETE FROM ${table.target} WHERE ${table.rootKey} IN (SELECT id FROM ${strangers})`),
    `DELETE FROM ${root.target} WHERE ${root.rowKey} IN (SELECT id FROM ${strangers})`,
  ];
}

/** Nested rows of deleted ones are not among those that stay, and go with the others. */
function upsertNested(chain: MergeChain, table: MergeTable, kept: TableRef): string[] {
  const values = table.columns.map((column) => `s.${column}`).join(", ");
  const staying = `FROM ${table.staging} WHERE ${ofRootRows(chain, kept, "alive")}`;
  const merge = [
    `MERGE INTO ${table.target} AS d USING (SELECT * ${staying}) AS s ON d.${table.rowKey} = s.${table.rowKey}`,
    ...updateWhenMatched(chain, table),
    `WHEN NOT MATCHED THEN INSERT (${table.columns.join(", ")}) VALUES (${values})`,
  ];
  return [
    merge.join(" "),
    `DELETE FROM ${table.target} WHERE ${table.rootKey} IN (SELECT id FROM ${kept}) AND ${table.rowKey} NOT IN (SELECT ${table.rowKey} ${staying})`,
  ];
}
