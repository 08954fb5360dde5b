import type { DuckDBConnection } from "@duckdb/node-api";
import type { DatasetNames, FoundTable, NameMap } from "../../destination/sql/load/index.ts";
import { duckdbDialect } from "./dialect.ts";

const { literal, quote } = duckdbDialect;

/** Rows of a query as objects of plain values: text, numbers, bigints, booleans, null. */
export async function queryRows(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS();
}

/**
 * The first row of a query of tables that may not be there: `undefined` where one is missing. Asking the catalog first
 * takes ten times as long, which a small load feels. DuckDB keeps a transaction open after such an error.
 */
export async function queryRowIfThere(
  connection: DuckDBConnection,
  sql: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    return (await queryRows(connection, sql))[0];
  } catch (error) {
    if (error instanceof Error && /^Catalog Error: Table with name .* does not exist/.test(error.message))
      return undefined;
    throw error;
  }
}

/**
 * Names in one database file. The catalog is called after the file, so that `d.t` may be ambiguous: names always have
 * three parts.
 */
export interface Names extends DatasetNames {
  readonly catalog: string;
  readonly schema: string;
}

export async function namesOf(connection: DuckDBConnection, dataset: string): Promise<Names> {
  const [row] = await queryRows(connection, "SELECT current_database() AS catalog");
  const catalog = String(row!["catalog"]);
  const schema = `${quote(catalog)}.${quote(dataset)}`;
  const table = (name: string): string => `${schema}.${quote(name)}`;
  const system = { version: table("_dlt_version"), loads: table("_dlt_loads"), state: table("_dlt_pipeline_state") };
  return { catalog, dataset, schema, table, system };
}

/** Tables and views of the dataset: what is there, not what is remembered. */
export async function readCatalog(connection: DuckDBConnection, names: Names): Promise<NameMap<FoundTable>> {
  const within = `database_name = ${literal(names.catalog)} AND lower(schema_name) = lower(${literal(names.dataset)})`;
  const rows = await queryRows(
    connection,
    `SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE ${within}`,
  );
  if (rows.length === 0) return new FoldedMap();
  const found = await queryRows(connection, `SELECT view_name FROM duckdb_views() WHERE ${within}`);
  const views = new Set(found.map((row) => String(row["view_name"])));
  const tables = new FoldedMap<FoundTable>();
  const columnsOf = new FoldedMap<FoldedMap<string>>();
  for (const row of rows) {
    if (folded(String(row["schema_name"])) !== folded(names.dataset)) continue;
    const name = String(row["table_name"]);
    let columns = columnsOf.get(name);
    if (columns === undefined) {
      columns = new FoldedMap();
      columnsOf.set(name, columns);
      tables.set(name, { isView: views.has(name), columns });
    }
    columns.set(String(row["column_name"]), String(row["data_type"]));
  }
  return tables;
}

/** A map by names as DuckDB takes them: without regard to the case of ASCII letters. */
class FoldedMap<Value> implements NameMap<Value> {
  readonly #values = new Map<string, Value>();

  get(name: string): Value | undefined {
    return this.#values.get(folded(name));
  }

  has(name: string): boolean {
    return this.#values.has(folded(name));
  }

  set(name: string, value: Value): void {
    this.#values.set(folded(name), value);
  }
}

function folded(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
