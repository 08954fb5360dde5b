import { rowVersion } from "../../../schema/merge-strategy.ts";
import { isComplete, type ColumnSchema, type Schema, type TableSchema } from "../../../schema/schema.ts";
import { fillPlaceholders } from "../../../util/fill-placeholders.ts";
import { storedColumns } from "../ddl.ts";
import type { Dialect, TableRef } from "../dialect.ts";
import type { MergeTables } from "./merge-tables.ts";

/** A table of a merge with its columns as statements name them: quoted. */
export interface MergeTable {
  readonly name: string;
  readonly target: TableRef;
  readonly staging: TableRef;
  readonly columns: readonly string[];
  /** The row's own id. */
  readonly rowKey: string;
  /** What leads from a nested row to its root. */
  readonly rootKey: string;
  /** What is compared to find out whether a row changed. */
  readonly compared: readonly string[];
}

/** A root table with those nested in it, and what its merge is told by its schema. */
export interface MergeChain {
  readonly dialect: Dialect;
  readonly tables: MergeTables;
  readonly root: MergeTable;
  readonly nested: readonly MergeTable[];
  readonly primaryKey: readonly string[];
  readonly mergeKey: readonly string[];
  /** Where rows of the root table may be marked as deleted: the condition that one is not. */
  readonly alive: string | undefined;
  /** An `ORDER BY` that puts the row first that stays. */
  readonly dedupSort: string | undefined;
  /** Which of the rows that came are merged. */
  readonly sourceFilter: string | undefined;
  /** Which of the rows that are there may be deleted or retired. */
  readonly destinationScope: string | undefined;
  /** The source promises that no key comes twice. */
  readonly deduplicated: boolean;
  readonly skipUnchanged: boolean;
  readonly schema: TableSchema;
}

/**
 * Looks up what a merge needs to know. Only columns that a table has in the destination count.
 *
 * @param chain the root table first, then the nested ones, parents before their children
 */
export function mergeChain(
  dialect: Dialect,
  tables: MergeTables,
  schema: Schema,
  chain: readonly [TableSchema, ...TableSchema[]],
): MergeChain {
  const { quote } = dialect;
  const [root, ...nested] = chain;
  const columns = storedColumns(root);
  const marked = (hint: (column: ColumnSchema) => boolean): string[] =>
    columns.filter(hint).map(({ name }) => quote(name));
  const sort = columns.find((column) => column.dedup_sort !== undefined);
  const scope = textHint(root, "x-merge-destination-scope");
  const filter = textHint(root, "x-merge-source-filter");
  return {
    dialect,
    tables,
    schema: root,
    root: mergeTable(dialect, tables, schema, root),
    nested: nested.map((table) => mergeTable(dialect, tables, schema, table)),
    primaryKey: marked((column) => column.primary_key === true),
    mergeKey: marked((column) => column.merge_key === true),
    alive: aliveCondition(dialect, columns),
    // Where NULLs stand by themselves differs from engine to engine; a row without a value is never the one wanted.
    dedupSort: sort && `${quote(sort.name)} ${sort.dedup_sort === "asc" ? "ASC" : "DESC"} NULLS LAST`,
    sourceFilter: filter && fillPlaceholders(filter, {}),
    destinationScope:
      scope && fillPlaceholders(scope, { table: tables.target(root.name), staging_table: tables.staging(root.name) }),
    deduplicated: root["x-stage-data-deduplicated"] === true,
    skipUnchanged: root["x-merge-skip-unchanged-rows"] === true,
  };
}

function textHint(table: TableSchema, hint: string): string | undefined {
  const value = table[hint];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function mergeTable(dialect: Dialect, tables: MergeTables, schema: Schema, table: TableSchema): MergeTable {
  const { quote } = dialect;
  const columns = storedColumns(table);
  return {
    name: table.name,
    target: tables.target(table.name),
    staging: tables.staging(table.name),
    columns: columns.map(({ name }) => quote(name)),
    rowKey: quote(columns.find((one) => one.row_key === true)?.name ?? "_dlt_id"),
    rootKey: quote(rootKeyOf(schema, table)),
    compared: comparedColumns(table, columns).map(({ name }) => quote(name)),
  };
}

function aliveCondition({ quote }: Dialect, columns: readonly ColumnSchema[]): string | undefined {
  const column = columns.find((one) => one.hard_delete === true);
  if (column === undefined) return undefined;
  const name = quote(column.name);
  const isNull = `${name} IS NULL`;
  return column.data_type === "bool" ? `(${isNull} OR ${name} = FALSE)` : isNull;
}

/** The column that leads from a nested row to its root; directly below the root the parent's id serves as well. */
function rootKeyOf(schema: Schema, table: TableSchema): string {
  const columns = storedColumns(table);
  const rootKey = columns.find((one) => one.root_key === true);
  if (rootKey !== undefined) return rootKey.name;
  const parent = table.parent === undefined ? undefined : schema.tables.get(table.parent);
  const parentKey = columns.find((one) => one.parent_key === true);
  return parent?.parent === undefined && parentKey !== undefined ? parentKey.name : "_dlt_root_id";
}

/** The row version alone, where there is one; else all but keys, the mark of deleted rows and the load (spec dlt-1.31 5.3). */
function comparedColumns(table: TableSchema, columns: readonly ColumnSchema[]): readonly ColumnSchema[] {
  const version = rowVersion(table);
  // A history that was given up leaves its mark on the row's id, which is no version any more.
  if (version !== undefined && version.name !== "_dlt_id" && isComplete(version)) return [version];
  const isKey = (column: ColumnSchema): boolean =>
    column.primary_key === true || column.row_key === true || column.parent_key === true || column.root_key === true;
  return columns.filter(
    (column) =>
      !isKey(column) && column.hard_delete !== true && !["_dlt_load_id", "_dlt_id"].includes(column.name.toLowerCase()),
  );
}
