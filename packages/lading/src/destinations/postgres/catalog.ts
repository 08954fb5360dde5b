import type { DatasetNames, FoundTable, NameMap, ResultRow } from "../../destination/sql/load/index.ts";
import { postgresDialect } from "./dialect.ts";

const { quote, literal } = postgresDialect;

/** Names in one schema of the database that the connection is for. */
export interface Names extends DatasetNames {
  readonly schema: string;
}

export function namesOf(dataset: string): Names {
  const schema = quote(dataset);
  const table = (name: string): string => `${schema}.${quote(name)}`;
  const system = { version: table("_dlt_version"), loads: table("_dlt_loads"), state: table("_dlt_pipeline_state") };
  return { dataset, schema, table, system };
}

/** Asks whether the schema is there. */
export function selectSchema(dataset: string): string {
  return `SELECT 1 AS found FROM pg_catalog.pg_namespace WHERE nspname = ${literal(dataset)}`;
}

/** Asks for the names of all tables and views of the schema, in order. */
export function selectTables(dataset: string): string {
  return `SELECT c.relname::text AS "table" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = ${literal(dataset)} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.relname`;
}

/** Asks for the columns of all tables and views of the schema, in their order. */
export function selectColumns(dataset: string): string {
  return `SELECT c.relname AS "table", c.relkind::text AS kind, a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE n.nspname = ${literal(dataset)} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.relname, a.attnum`;
}

/** What {@link selectColumns} found. Names are compared as they are written. */
export function foundTables(rows: readonly ResultRow[]): NameMap<FoundTable> {
  const tables = new Map<string, { readonly isView: boolean; readonly columns: Map<string, string> }>();
  for (const row of rows) {
    const name = String(row["table"]);
    let table = tables.get(name);
    if (table === undefined) {
      table = { isView: row["kind"] === "v" || row["kind"] === "m", columns: new Map() };
      tables.set(name, table);
    }
    if (typeof row["column"] === "string") table.columns.set(row["column"], String(row["type"]));
  }
  return tables;
}
