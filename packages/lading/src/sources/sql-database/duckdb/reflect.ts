import { textLiteral } from "../../../engines/duckdb/sql.ts";
import type { ForeignKey, FoundTable, Snapshot } from "../database.ts";
import { duckdbColumn } from "./column.ts";

const here = "database_name = current_database() AND NOT internal";

function schemaOf(schema: string | undefined): string {
  return schema === undefined ? "current_schema()" : textLiteral(schema);
}

export async function listTables(
  { rows }: Snapshot,
  schema: string | undefined,
): Promise<readonly { readonly name: string; readonly isView: boolean }[]> {
  const within = `${here} AND schema_name = ${schemaOf(schema)}`;
  const found = await rows(
    `SELECT table_name AS name, FALSE AS is_view FROM duckdb_tables() WHERE ${within} UNION ALL SELECT view_name, TRUE FROM duckdb_views() WHERE ${within} ORDER BY name`,
  );
  return found.map((row) => ({ name: String(row["name"]), isView: row["is_view"] === true }));
}

/** What the catalog says of a table; `undefined` where it is not there. */
export async function reflectTable(
  snapshot: Snapshot,
  given: string | undefined,
  name: string,
): Promise<FoundTable | undefined> {
  const { rows } = snapshot;
  const within = `database_name = current_database() AND schema_name = ${schemaOf(given)} AND table_name = ${textLiteral(name)}`;
  const found = await rows(
    `SELECT schema_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE ${within} AND NOT internal ORDER BY column_index`,
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const tables = await listTables(snapshot, given);
  const columns = found.map((row) =>
    duckdbColumn(String(row["column_name"]), String(row["data_type"]), row["is_nullable"] === true),
  );
  const constraints = await rows(
    `SELECT * FROM duckdb_constraints() WHERE ${within} AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY') ORDER BY constraint_type, constraint_index`,
  );
  const keys = constraints.filter((row) => row["constraint_type"] !== "FOREIGN KEY");
  const schema = String(first["schema_name"]);
  return {
    schema,
    name,
    isView: tables.some((one) => one.name === name && one.isView),
    columns,
    primaryKey: namesIn(
      keys.find((row) => row["constraint_type"] === "PRIMARY KEY"),
      "constraint_column_names",
    ),
    rowKey:
      keys
        .map((row) => namesIn(row, "constraint_column_names"))
        .find((key) => key.every((part) => columns.some((one) => one.name === part && one.isKey && !one.nullable))) ??
      [],
    foreignKeys: constraints
      .filter((row) => row["constraint_type"] === "FOREIGN KEY")
      .map((row): ForeignKey => ({
        columns: namesIn(row, "constraint_column_names"),
        schema,
        table: String(row["referenced_table"]),
        referencedColumns: namesIn(row, "referenced_column_names"),
      })),
  };
}

function namesIn(row: Readonly<Record<string, unknown>> | undefined, key: string): readonly string[] {
  const names = row?.[key];
  return Array.isArray(names) ? names.map(String) : [];
}
