import type { DuckDBConnection } from "@duckdb/node-api";
import type { SystemTables } from "../../destination/sql/system-rows.ts";
import { duckdbDialect } from "./dialect.ts";

const { literal, quote } = duckdbDialect;

/** Rows of a query as objects of plain values: text, numbers, bigints, booleans, null. */
export async function queryRows(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS();
}

/**
 * Names in one database file. The catalog is called after the file, so that `d.t` may be ambiguous: names always have
 * three parts.
 */
export interface Names {
  readonly catalog: string;
  readonly dataset: string;
  table(name: string): string;
  readonly schema: string;
  /** dlt's own tables. */
  readonly system: SystemTables;
}

export async function namesOf(connection: DuckDBConnection, dataset: string): Promise<Names> {
  const [row] = await queryRows(connection, "SELECT current_database() AS catalog");
  const catalog = String(row!["catalog"]);
  const schema = `${quote(catalog)}.${quote(dataset)}`;
  const table = (name: string): string => `${schema}.${quote(name)}`;
  const system = { version: table("_dlt_version"), loads: table("_dlt_loads"), state: table("_dlt_pipeline_state") };
  return { catalog, dataset, schema, table, system };
}

/** Columns of all tables of the dataset, by table; what is there, not what is remembered. */
export async function readCatalog(connection: DuckDBConnection, names: Names): Promise<Map<string, Set<string>>> {
  const rows = await queryRows(
    connection,
    `SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = ${literal(names.catalog)} AND schema_name = ${literal(names.dataset)}`,
  );
  const tables = new Map<string, Set<string>>();
  for (const row of rows) {
    const table = String(row["table_name"]);
    const columns = tables.get(table) ?? new Set();
    columns.add(String(row["column_name"]));
    tables.set(table, columns);
  }
  return tables;
}
