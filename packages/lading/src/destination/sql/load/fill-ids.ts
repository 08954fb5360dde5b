import { passesRootIds } from "../../../schema/merge-strategy.ts";
import { rootTable, type ColumnSchema, type Schema, type TableSchema } from "../../../schema/schema.ts";
import { storedColumns } from "../ddl.ts";
import type { TableRef } from "../dialect.ts";
import type { LoadDialect } from "./engine.ts";

/**
 * The statement that gives rows an id, where its column was just added to a table that someone else made, or took it from:
 * merging finds rows by it, and would leave those without one beside their successors.
 */
export function fillRowIds({ quote, rowId }: LoadDialect, target: TableRef, column: string): string {
  return `UPDATE ${target} SET ${quote(column)} = ${rowId} WHERE ${quote(column)} IS NULL`;
}

/** What a nested table gets where the schema has no such column. */
const rootIdColumn: ColumnSchema = { name: "_dlt_root_id", data_type: "text", nullable: true, root_key: true };

/**
 * The columns that a table must have for a load. A table nested in a nested one is merged by the id of the root row, also
 * where no row of it has come since its root is merged, so that the schema does not know the column yet.
 */
export function neededColumns(schema: Schema, table: TableSchema): ColumnSchema[] {
  const columns = storedColumns(table);
  const parent = table.parent === undefined ? undefined : schema.tables.get(table.parent);
  if (parent?.parent === undefined || !passesRootIds(rootTable(schema, table))) return columns;
  return columns.some((column) => column.root_key === true) ? columns : [...columns, rootIdColumn];
}

/** Whether a statement is needed, and the statement. */
export interface Fill {
  /** Has a row where there is something to fill. */
  readonly question: string;
  readonly statement: string;
}

/**
 * Gives the rows of a nested table the id of their root row, where they have none: a table that rows were appended to is
 * merged from now on, and what was loaded before must be found by its root's id (dlt adds the column NOT NULL and fails).
 * The parent's are filled already.
 *
 * @returns `undefined` for a root table, and where the table has no such column and needs none
 */
export function fillRootIds(
  { quote }: LoadDialect,
  schema: Schema,
  table: TableSchema,
  target: (name: string) => TableRef,
): Fill | undefined {
  const parent = table.parent === undefined ? undefined : schema.tables.get(table.parent);
  const rootKey = neededColumns(schema, table).find((column) => column.root_key === true)?.name;
  const parentKey = columnWith(table, "parent_key");
  if (parent === undefined || rootKey === undefined || parentKey === undefined) return undefined;
  const own = quote(rootKey);
  const question = `SELECT 1 FROM ${target(table.name)} WHERE ${own} IS NULL LIMIT 1`;
  if (parent.parent === undefined) {
    return {
      question,
      statement: `UPDATE ${target(table.name)} SET ${own} = ${quote(parentKey)} WHERE ${own} IS NULL`,
    };
  }
  const grandparent = schema.tables.get(parent.parent);
  const inherited = grandparent?.parent === undefined ? columnWith(parent, "parent_key") : rootIdColumn.name;
  const ofParent = quote(columnWith(parent, "root_key") ?? inherited ?? rootIdColumn.name);
  const rowKey = quote(columnWith(parent, "row_key") ?? "_dlt_id");
  const statement = `UPDATE ${target(table.name)} AS c SET ${own} = p.${ofParent} FROM ${target(parent.name)} AS p WHERE p.${rowKey} = c.${quote(parentKey)} AND c.${own} IS NULL`;
  return { question, statement };
}

function columnWith(table: TableSchema, hint: "root_key" | "parent_key" | "row_key"): string | undefined {
  return storedColumns(table).find((column) => column[hint] === true)?.name;
}
