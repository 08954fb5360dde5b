import type { SqlReader } from "../../destination/sql-reader.ts";
import type { BeginTransaction } from "./begin-transaction.ts";
import { cellFromPostgres, parameterForPostgres } from "./values.ts";
import { selectTables, type Names } from "./catalog.ts";
import { postgresDialect } from "./dialect.ts";
import type { Connection } from "../../engines/postgres/driver.ts";
import { postgresError } from "../../engines/postgres/errors.ts";

/** Rows that are fetched at a time. */
const batchRows = 2000;

/** How a reader begins its transactions. */
export interface ReaderOptions {
  readonly begin: BeginTransaction;
  /** Opens another connection. */
  readonly open: () => Promise<Connection>;
}

/**
 * Reads a dataset over an open connection, with a cursor of the server; names without a schema mean those of the dataset.
 * A connection has one transaction at a time: a query within another gets a connection of its own.
 */
export function postgresReader(connection: Connection, names: Names, { begin, open }: ReaderOptions): SqlReader {
  let isBusy = false;

  async function* query(
    sql: string,
    parameters: readonly unknown[],
  ): AsyncGenerator<readonly Readonly<Record<string, unknown>>[], void, undefined> {
    if (isBusy) {
      const other = await open();
      try {
        yield* read(other, sql, parameters);
      } finally {
        await other.close();
      }
      return;
    }
    isBusy = true;
    try {
      yield* read(connection, sql, parameters);
    } finally {
      isBusy = false;
    }
  }

  async function* read(
    { client, location }: Connection,
    sql: string,
    parameters: readonly unknown[],
  ): AsyncGenerator<readonly Readonly<Record<string, unknown>>[], void, undefined> {
    const fetch = `FETCH ${batchRows} FROM lading_rows`;
    let inTransaction = false;
    try {
      await client.query(begin({ readOnly: true }));
      inTransaction = true;
      await client.query(`SET LOCAL search_path = ${names.schema}, public`);
      await client.query({
        text: `DECLARE lading_rows NO SCROLL CURSOR FOR ${sql}`,
        values: parameters.map(parameterForPostgres),
      });
      for (;;) {
        const { rows, fields } = await client.query<unknown[]>({ text: fetch, rowMode: "array" });
        if (rows.length === 0) break;
        const columns = distinctNames(fields.map(({ name }) => name));
        yield rows.map((row) =>
          Object.fromEntries(fields.map(({ dataTypeID }, at) => [columns[at]!, cellFromPostgres(row[at], dataTypeID)])),
        );
      }
    } catch (error) {
      throw postgresError(error, location);
    } finally {
      if (inTransaction) await client.query("ROLLBACK").catch(() => {});
    }
  }

  return {
    query,
    async tables() {
      const found: string[] = [];
      for await (const rows of query(selectTables(names.dataset), []))
        for (const row of rows) found.push(String(row["table"]));
      return found;
    },
    quote: postgresDialect.quote,
    qualify: names.table,
    // The client closes the connection.
    close: async () => {},
  };
}

/** Names that come again get a number, as DuckDB gives it. */
function distinctNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 1; taken.has(own); number++) own = `${name}_${number}`;
    taken.add(own);
    return own;
  });
}
