import type { SqlReader } from "../../destination/sql-reader.ts";
import { cellFromPostgres, parameterForPostgres } from "./values.ts";
import type { Names } from "./catalog.ts";
import { postgresDialect } from "./dialect.ts";
import type { Connection } from "../../engines/postgres/driver.ts";
import { postgresError } from "../../engines/postgres/errors.ts";

/** Rows that are fetched at a time. */
const batchRows = 2000;

/** Reads a dataset over an open connection, with a cursor of the server; names without a schema mean those of the dataset. */
export function postgresReader(connection: Connection, names: Names): SqlReader {
  const { client } = connection;

  async function* query(
    sql: string,
    parameters: readonly unknown[],
  ): AsyncGenerator<readonly Readonly<Record<string, unknown>>[], void, undefined> {
    const fetch = `FETCH ${batchRows} FROM lading_rows`;
    let inTransaction = false;
    try {
      await client.query("BEGIN READ ONLY");
      inTransaction = true;
      await client.query(`SET LOCAL search_path = ${names.schema}, public`);
      await client.query({
        text: `DECLARE lading_rows NO SCROLL CURSOR FOR ${sql}`,
        values: parameters.map(parameterForPostgres),
      });
      for (;;) {
        const { rows, fields } = await client.query<unknown[]>({ text: fetch, rowMode: "array" });
        if (rows.length === 0) break;
        yield rows.map((row) =>
          Object.fromEntries(fields.map(({ name, dataTypeID }, i) => [name, cellFromPostgres(row[i], dataTypeID)])),
        );
      }
    } catch (error) {
      throw postgresError(error, connection.location);
    } finally {
      if (inTransaction) await client.query("ROLLBACK").catch(() => {});
    }
  }

  return {
    query,
    quote: postgresDialect.quote,
    qualify: names.table,
    // The client closes the connection.
    close: async () => {},
  };
}
