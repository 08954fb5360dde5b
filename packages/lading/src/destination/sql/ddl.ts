import { isComplete, type ColumnSchema, type TableSchema } from "../../schema/schema.ts";
import type { Dialect, TableRef } from "./dialect.ts";

/** The columns that a table has in the destination: those with a type, in the schema's order. */
export function storedColumns(table: TableSchema): ColumnSchema[] {
  return [...table.columns.values()].filter(isComplete);
}

/**
 * The statement that makes a table.
 * @example `CREATE TABLE "d"."t" ("id" BIGINT NOT NULL, "name" VARCHAR)`
 */
export function createTable(dialect: Dialect, ref: TableRef, columns: readonly ColumnSchema[]): string {
  const lines = columns.map((column) => columnDefinition(dialect, column, true));
  return `CREATE TABLE IF NOT EXISTS ${ref} (${lines.join(", ")})`;
}

/** The statement that takes a table away, where it is there. */
export function dropTable(ref: TableRef): string {
  return `DROP TABLE IF EXISTS ${ref}`;
}

/** The statements that add columns to a table that is there. */
export function addColumns(dialect: Dialect, ref: TableRef, columns: readonly ColumnSchema[]): string[] {
  const additions = columns.map(
    (column) => `ADD COLUMN ${columnDefinition(dialect, column, dialect.alterAddsNotNull)}`,
  );
  if (additions.length === 0) return [];
  return dialect.alterAddsMany
    ? [`ALTER TABLE ${ref} ${additions.join(", ")}`]
    : additions.map((addition) => `ALTER TABLE ${ref} ${addition}`);
}

function columnDefinition(dialect: Dialect, column: ColumnSchema, mayRefuseNull: boolean): string {
  const notNull = mayRefuseNull && column.nullable === false ? " NOT NULL" : "";
  return `${dialect.quote(column.name)} ${dialect.columnType(column)}${notNull}`;
}
