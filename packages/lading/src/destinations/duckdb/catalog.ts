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

/** A table as it stands in the database. */
export interface FoundTable {
  /** Views have columns too, but take no rows. */
  readonly isView: boolean;
  /** Types as DuckDB writes them, by column. */
  readonly columns: NameMap<string>;
}

/** Tables and views of the dataset: what is there, not what is remembered. */
export async function readCatalog(connection: DuckDBConnection, names: Names): Promise<NameMap<FoundTable>> {
  const rows = await queryRows(
    connection,
    `SELECT c.schema_name, c.table_name, c.column_name, c.data_type, v.view_name IS NOT NULL AS is_view FROM duckdb_columns() AS c LEFT JOIN duckdb_views() AS v ON v.database_name = c.database_name AND v.schema_name = c.schema_name AND v.view_name = c.table_name WHERE c.database_name = ${literal(names.catalog)} AND lower(c.schema_name) = lower(${literal(names.dataset)})`,
  );
  const tables = new NameMap<FoundTable>();
  for (const row of rows) {
    if (folded(String(row["schema_name"])) !== folded(names.dataset)) continue;
    const name = String(row["table_name"]);
    let table = tables.get(name);
    if (table === undefined) {
      table = { isView: row["is_view"] === true, columns: new NameMap() };
      tables.set(name, table);
    }
    table.columns.set(String(row["column_name"]), String(row["data_type"]));
  }
  return tables;
}

/** A map by names as DuckDB takes them: without regard to the case of ASCII letters. */
export class NameMap<Value> {
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
