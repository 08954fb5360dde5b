import type { Schema, TableSchema } from "../../schema/schema.ts";
import { storedColumns } from "./ddl.ts";
import type { Dialect, TableRef } from "./dialect.ts";

/** Where the tables of a merge are, by name. */
export interface MergeTables {
  target(table: string): TableRef;
  staging(table: string): TableRef;
  /** The column, or expression, of a staging table that grows in the order in which rows came. */
  readonly arrival: string;
  /** A name for a temporary table that no other has. */
  temporary(purpose: string): TableRef;
}

/**
 * The statements that merge a table and those nested in it by delete-insert (spec dlt-core 8.4): the rows whose key
 * comes again are taken out with all that is nested in them, then the new ones put in. Of rows with the same key in
 * one load the last that came stays.
 *
 * - by primary key, by merge key, or by both; without any key the rows are only added
 * - `chain`: the root table first, then the nested ones
 */
export function deleteInsert(
  dialect: Dialect,
  tables: MergeTables,
  schema: Schema,
  chain: readonly TableSchema[],
): string[] {
  const [root, ...nested] = chain;
  if (root === undefined) return [];
  const primaryKey = columnsWith(root, "primary_key");
  const mergeKey = columnsWith(root, "merge_key");
  const clauses = [primaryKey, mergeKey].filter((keys) => keys.length > 0);
  const rowKey = rowKeyOf(dialect, root);

  const statements: string[] = [];
  if (clauses.length > 0) {
    const matches = clauses.map((keys) => `(${equalKeys(dialect, keys)})`).join(" OR ");
    const found = `SELECT 1 FROM ${tables.staging(root.name)} AS s WHERE ${matches}`;
    if (nested.length > 0) {
      const gone = tables.temporary("delete");
      statements.push(
        `CREATE TEMPORARY TABLE ${gone} AS SELECT d.${rowKey} AS id FROM ${tables.target(root.name)} AS d WHERE EXISTS (${found})`,
      );
      for (const table of nested) {
        statements.push(
          `DELETE FROM ${tables.target(table.name)} WHERE ${rootKeyOf(dialect, schema, table)} IN (SELECT id FROM ${gone})`,
        );
      }
      statements.push(`DELETE FROM ${tables.target(root.name)} WHERE ${rowKey} IN (SELECT id FROM ${gone})`);
    } else {
      statements.push(`DELETE FROM ${tables.target(root.name)} AS d WHERE EXISTS (${found})`);
    }
  }

  const columns = columnList(dialect, root);
  if (primaryKey.length === 0) {
    for (const table of chain) {
      const list = columnList(dialect, table);
      statements.push(
        `INSERT INTO ${tables.target(table.name)} (${list}) SELECT ${list} FROM ${tables.staging(table.name)}`,
      );
    }
    return statements;
  }

  const kept = tables.temporary("insert");
  const partition = primaryKey.map((key) => dialect.quote(key)).join(", ");
  statements.push(
    `CREATE TEMPORARY TABLE ${kept} AS SELECT id FROM (SELECT ${rowKey} AS id, ROW_NUMBER() OVER (PARTITION BY ${partition} ORDER BY ${tables.arrival} DESC) AS n FROM ${tables.staging(root.name)}) AS numbered WHERE n = 1`,
    `INSERT INTO ${tables.target(root.name)} (${columns}) SELECT ${columns} FROM ${tables.staging(root.name)} WHERE ${rowKey} IN (SELECT id FROM ${kept})`,
  );
  for (const table of nested) {
    const list = columnList(dialect, table);
    statements.push(
      `INSERT INTO ${tables.target(table.name)} (${list}) SELECT ${list} FROM ${tables.staging(table.name)} WHERE ${rootKeyOf(dialect, schema, table)} IN (SELECT id FROM ${kept})`,
    );
  }
  return statements;
}

function columnsWith(table: TableSchema, hint: "primary_key" | "merge_key"): string[] {
  return storedColumns(table)
    .filter((column) => column[hint] === true)
    .map((column) => column.name);
}

function equalKeys(dialect: Dialect, keys: readonly string[]): string {
  return keys.map((key) => `d.${dialect.quote(key)} = s.${dialect.quote(key)}`).join(" AND ");
}

function columnList(dialect: Dialect, table: TableSchema): string {
  return storedColumns(table)
    .map((column) => dialect.quote(column.name))
    .join(", ");
}

function rowKeyOf(dialect: Dialect, table: TableSchema): string {
  const column = storedColumns(table).find((one) => one.row_key === true) ?? { name: "_dlt_id" };
  return dialect.quote(column.name);
}

/** The column that leads from a nested row to its root; directly below the root the parent's id serves as well. */
function rootKeyOf(dialect: Dialect, schema: Schema, table: TableSchema): string {
  const columns = storedColumns(table);
  const rootKey = columns.find((one) => one.root_key === true);
  if (rootKey !== undefined) return dialect.quote(rootKey.name);
  const parent = table.parent === undefined ? undefined : schema.tables.get(table.parent);
  const parentKey = columns.find((one) => one.parent_key === true);
  if (parent?.parent === undefined && parentKey !== undefined) return dialect.quote(parentKey.name);
  return dialect.quote("_dlt_root_id");
}
