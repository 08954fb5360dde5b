import type { ResolvedConnection } from "../../../engines/postgres/connection.ts";
import type { Connection } from "../../../engines/postgres/driver.ts";
import { openConnection } from "../../../engines/postgres/open-connection.ts";
import { postgresError } from "../../../engines/postgres/errors.ts";
import { quoteIdentifier, textLiteral } from "../../../engines/postgres/sql.ts";
import type { Database, SelectParts, Snapshot } from "../database.ts";
import { renderSelect } from "../render-select.ts";
import { sourceError } from "../source-error.ts";
import { copyOut } from "./copy-out.ts";
import { listTables, reflectTable } from "./reflect.ts";

/** A PostgreSQL server as a source. Everything is read in transactions that may only read, each in one snapshot. */
export function postgresDatabase(resolved: ResolvedConnection): Database {
  const { location } = resolved;
  const fail = (error: unknown): Error => sourceError(postgresError(error, location));

  async function begin(shared?: string): Promise<Snapshot> {
    let connection: Connection;
    try {
      connection = await openConnection({ ...resolved, mustWrite: false });
    } catch (error) {
      throw fail(error);
    }
    const rows: Snapshot["rows"] = async (sql) => {
      try {
        return await connection.rows(sql);
      } catch (error) {
        throw fail(error);
      }
    };
    const close = (): Promise<void> => connection.close().catch(() => {});
    try {
      await rows("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      if (shared !== undefined) await rows(`SET TRANSACTION SNAPSHOT ${textLiteral(shared)}`);
      // Of the transaction: another one over the same pooler must not find them.
      for (const setting of ["TimeZone = 'UTC'", "DateStyle = 'ISO'", "IntervalStyle = 'iso_8601'"])
        await rows(`SET LOCAL ${setting}`);
      await rows("SET LOCAL bytea_output = 'hex'");
      await rows("SET LOCAL extra_float_digits = 3");
    } catch (error) {
      await close();
      throw error;
    }
    return {
      rows,
      close,
      async *read(select, size, signal) {
        try {
          yield* copyOut(connection.client, copyStatement(select), { columns: select.columns.length, size, signal });
        } catch (error) {
          throw signal.aborted ? signal.reason : fail(error);
        }
      },
      async another() {
        const [row] = await rows("SELECT pg_catalog.pg_export_snapshot() AS id");
        return begin(String(row!["id"]));
      },
    };
  }

  return {
    location,
    quote: quoteIdentifier,
    literal: textLiteral,
    bytesLiteral: (hex) => `'\\x${hex}'::bytea`,
    isShared: true,
    binaryCollation: ' COLLATE "C"',
    qualify: ({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
    open: () => begin(),
    tables: listTables,
    table: reflectTable,
  };
}

/** Rows in the form of a row file; the first cell says of each whether its values fit the types of their columns. */
function copyStatement(select: SelectParts): string {
  const fits = select.columns.flatMap((column) => (column.fits === undefined ? [] : [`(${column.fits}) IS NOT FALSE`]));
  const mark = fits.length === 0 ? "NULL" : `CASE WHEN ${fits.join(" AND ")} THEN NULL ELSE 1 END`;
  return `COPY (${renderSelect(select, [mark])}) TO STDOUT WITH (FORMAT csv, DELIMITER E'\\t', NULL '', ENCODING 'UTF8')`;
}
