import type { SqlReader } from "../../src/destination/sql-reader.ts";
import type { Observed } from "../../src/testing/golden/index.ts";

// `information_schema` splits a type into many columns, and keeps constraints elsewhere.
const columnsOf = `
  SELECT c.relname AS "table", a.attname AS name, CASE WHEN a.attnotnull THEN 'NO' ELSE 'YES' END AS nullable,
    format_type(a.atttypid, a.atttypmod) || CASE WHEN EXISTS (
      SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'u' AND k.conkey = ARRAY[a.attnum]
    ) THEN ' UNIQUE' ELSE '' END AS type
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_attribute AS a ON a.attrelid = c.oid
  WHERE n.nspname = $1 AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY c.relname, a.attnum`;

/** What was observed in PostgreSQL, with the whole type of each column: `numeric(38,9)`, `character varying UNIQUE`. */
export async function withFullTypes<T extends Pick<Observed, "tables">>(
  observed: T,
  reader: SqlReader,
  dataset: string,
): Promise<T> {
  const found = new Map<string, [string, string, string][]>(Object.keys(observed.tables).map((name) => [name, []]));
  for await (const batch of reader.query(columnsOf, [dataset]))
    for (const { table, name, type, nullable } of batch)
      found.get(String(table))!.push([String(name), String(type), String(nullable)]);
  const tables = Object.entries(observed.tables).map(([name, one]) => [name, { ...one, columns: found.get(name)! }]);
  return { ...observed, tables: Object.fromEntries(tables) as Observed["tables"] };
}
