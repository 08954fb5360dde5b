import { marksRootRows, rootRowColumn } from "../../../schema/merge-strategy.ts";
import type { TableRef } from "../dialect.ts";
import type { MergeChain } from "./merge-chain.ts";

/**
 * The statement that chooses the rows of the root table that are merged: those that the source filter lets through, and of
 * those with one key in one load a single one: the first by `dedup_sort`, else the last that came. The filter comes first
 * (dlt numbers rows before it filters them, and loses rows by it).
 *
 * @param kept a temporary table: `arrival`, the row's place in its staging table; its `id`; `mark`, which root row it is,
 *   where the strategy marks them; `alive`, whether it is not marked as deleted
 * @param key quoted columns; none: no row is left out for another
 */
export function keepRows(chain: MergeChain, kept: TableRef, key: readonly string[]): string {
  const { root, tables, dialect, alive, sourceFilter, dedupSort } = chain;
  const order = [...(dedupSort === undefined ? [] : [dedupSort]), `${tables.arrival} DESC`].join(", ");
  const columns = [
    `${tables.arrival} AS arrival`,
    `${root.rowKey} AS id`,
    ...(marksRootRows(chain.schema) ? [`${dialect.quote(rootRowColumn)} AS mark`] : []),
    `${alive ?? "TRUE"} AS alive`,
  ];
  const where = sourceFilter === undefined ? "" : ` WHERE (${sourceFilter})`;
  const create = `CREATE TEMPORARY TABLE ${kept} AS SELECT`;
  if (key.length === 0) return `${create} ${columns.join(", ")} FROM ${root.staging}${where}`;
  const place = `ROW_NUMBER() OVER (PARTITION BY ${key.join(", ")} ORDER BY ${order}) AS place`;
  const outer = columns.map((column) => column.slice(column.lastIndexOf(" ") + 1)).join(", ");
  return `${create} ${outer} FROM (SELECT ${[...columns, place].join(", ")} FROM ${root.staging}${where}) AS placed WHERE place = 1`;
}

/** The staged rows of the root table that were kept, as a source of other statements. */
export function keptSource({ root, tables }: MergeChain, kept: TableRef, condition?: string): string {
  const where = condition === undefined ? "" : ` WHERE ${condition}`;
  return `(SELECT * FROM ${root.staging} WHERE ${tables.arrival} IN (SELECT arrival FROM ${kept}${where}))`;
}

/** The condition on nested rows that came that their root row is among the chosen ones. */
export function ofRootRows({ dialect }: MergeChain, chosen: TableRef, condition?: string): string {
  const where = condition === undefined ? "" : ` WHERE ${condition}`;
  return `${dialect.quote(rootRowColumn)} IN (SELECT mark FROM ${chosen}${where})`;
}
