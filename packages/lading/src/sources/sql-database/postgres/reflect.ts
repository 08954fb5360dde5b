import { textLiteral } from "../../../engines/postgres/sql.ts";
import type { ForeignKey, FoundTable, Snapshot, TableColumn } from "../database.ts";
import { postgresColumn } from "./column.ts";

type Row = Readonly<Record<string, unknown>>;

/** What `pg_type` says of a type, of a domain what it says of the type below. */
const baseType = `LATERAL (WITH RECURSIVE chain (oid, modifier) AS (SELECT a.atttypid, a.atttypmod UNION ALL SELECT t.typbasetype, t.typtypmod FROM chain JOIN pg_catalog.pg_type AS t ON t.oid = chain.oid WHERE t.typtype = 'd') SELECT t.typname, t.typnamespace, t.typcategory, t.typelem, chain.modifier FROM chain JOIN pg_catalog.pg_type AS t ON t.oid = chain.oid WHERE t.typtype <> 'd') AS b`;
const columnFields = `b.modifier, CASE WHEN b.typnamespace = 'pg_catalog'::regnamespace THEN b.typname END AS base, b.typcategory = 'A' AND b.typelem <> 0 AND b.typname NOT IN ('int2vector', 'oidvector') AS "isArray"`;

/** A schema; the first one of the session's path where none is named. */
function schemaOf(schema: string | undefined): string {
  return schema === undefined ? "current_schema()" : textLiteral(schema);
}

/** Tables and views of a schema; partitions are read with the table that they are parts of. */
export async function listTables(
  { rows }: Snapshot,
  schema: string | undefined,
): Promise<readonly { readonly name: string; readonly isView: boolean }[]> {
  const found = await rows(
    `SELECT c.relname AS name, c.relkind IN ('v', 'm') AS "isView" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = ${schemaOf(schema)} AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition ORDER BY c.relname COLLATE "C"`,
  );
  return found.map((row) => ({ name: String(row["name"]), isView: row["isView"] === true }));
}

/** What the catalog says of a table; `undefined` where it is not there. */
export async function reflectTable(
  { rows }: Snapshot,
  schema: string | undefined,
  name: string,
): Promise<FoundTable | undefined> {
  const [found] = await rows(
    `SELECT c.oid::text AS oid, n.nspname AS schema, c.relkind IN ('v', 'm') AS "isView" FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = ${schemaOf(schema)} AND c.relname = ${textLiteral(name)} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
  );
  if (found === undefined) return undefined;
  const oid = String(found["oid"]);
  const columns = (
    await rows(
      `SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable, ${columnFields} FROM pg_catalog.pg_attribute AS a CROSS JOIN ${baseType} WHERE a.attrelid = ${oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    )
  ).map(columnOf);
  const keys = await rows(
    `SELECT i.indisprimary AS "isPrimary", (SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY AS k (number, place) JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts) AS columns FROM pg_catalog.pg_index AS i WHERE i.indrelid = ${oid} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indimmediate ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid`,
  );
  const primary = keys.find((key) => key["isPrimary"] === true);
  const usable = (key: Row): boolean =>
    namesIn(key["columns"]).every((column) =>
      columns.some((one) => one.name === column && one.isKey && (!one.nullable || key["isPrimary"] === true)),
    );
  return {
    schema: String(found["schema"]),
    name,
    isView: found["isView"] === true,
    columns,
    primaryKey: namesIn(primary?.["columns"]),
    rowKey: namesIn(keys.find(usable)?.["columns"]),
    foreignKeys: await reflectForeignKeys(rows, oid),
  };
}

async function reflectForeignKeys(rows: Snapshot["rows"], oid: string): Promise<ForeignKey[]> {
  const names = (table: string, numbers: string): string =>
    `(SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY AS k (number, place) JOIN pg_catalog.pg_attribute AS a ON a.attrelid = ${table} AND a.attnum = k.number)`;
  const found = await rows(
    `SELECT n.nspname AS schema, c.relname AS table, ${names("f.conrelid", "f.conkey")} AS columns, ${names("f.confrelid", "f.confkey")} AS "referencedColumns" FROM pg_catalog.pg_constraint AS f JOIN pg_catalog.pg_class AS c ON c.oid = f.confrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE f.conrelid = ${oid} AND f.contype = 'f' AND f.conparentid = 0 ORDER BY f.conname COLLATE "C"`,
  );
  return found.map((row) => ({
    columns: namesIn(row["columns"]),
    schema: String(row["schema"]),
    table: String(row["table"]),
    referencedColumns: namesIn(row["referencedColumns"]),
  }));
}

function columnOf(row: Row): TableColumn {
  return postgresColumn({
    name: String(row["name"]),
    type: String(row["type"]),
    base: typeof row["base"] === "string" ? row["base"] : undefined,
    modifier: Number(row["modifier"]),
    isArray: row["isArray"] === true,
    nullable: row["nullable"] === true,
  });
}

function namesIn(json: unknown): readonly string[] {
  return typeof json === "string" ? (JSON.parse(json) as string[]) : [];
}
