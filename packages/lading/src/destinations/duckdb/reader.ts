import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";
import type { SqlReader } from "../../destination/sql-reader.ts";
import type { Names } from "./catalog.ts";
import { duckdbDialect } from "./dialect.ts";
import { duckdbDriver, type OpenDatabase } from "../../engines/duckdb/driver.ts";
import { duckdbError, guarded } from "../../engines/duckdb/errors.ts";
import { giveUp } from "../../engines/duckdb/give-up.ts";
import { cellFromDuckDb, parameterForDuckDb } from "./values.ts";

/**
 * Reads a dataset in an open database; table names without a schema mean those of the dataset. A connection has one
 * result at a time: a query within another gets a connection of its own.
 */
export function duckdbReader(database: OpenDatabase, names: Names, path: string): SqlReader {
  const { literal } = duckdbDialect;
  /** Connections whose search path is set. */
  const prepared = new WeakSet<DuckDBConnection>();
  let isBusy = false;

  async function* query(
    sql: string,
    parameters: readonly unknown[],
  ): AsyncGenerator<readonly Readonly<Record<string, unknown>>[], void, undefined> {
    if (isBusy) {
      const other = await guarded(path, () => database.another());
      try {
        yield* read(other, sql, parameters);
      } finally {
        other.closeSync();
      }
      return;
    }
    isBusy = true;
    try {
      yield* read(database.connection, sql, parameters);
    } finally {
      isBusy = false;
    }
  }

  async function* read(
    connection: DuckDBConnection,
    sql: string,
    parameters: readonly unknown[],
  ): AsyncGenerator<readonly Readonly<Record<string, unknown>>[], void, undefined> {
    let unfinished: DuckDBResult | undefined;
    try {
      const types = duckdbDriver();
      if (!prepared.has(connection)) {
        prepared.add(connection);
        await connection.run(`SET search_path = ${literal(names.schema)}`).catch(() => {
          // The dataset is not there yet; names with a schema work all the same.
        });
      }
      const values = parameters.map((value) => parameterForDuckDb(value, types));
      const result = await connection.stream(sql, values);
      const columns = result.deduplicatedColumnNames();
      const columnTypes = result.columnTypes();
      for (
        let chunk = await result.fetchChunk();
        chunk !== null && chunk.rowCount > 0;
        chunk = await result.fetchChunk()
      ) {
        unfinished = result;
        yield chunk
          .getRows()
          .map((row) =>
            Object.fromEntries(
              columns.map((column, index) => [column, cellFromDuckDb(row[index] ?? null, columnTypes[index]!)]),
            ),
          );
      }
      unfinished = undefined;
    } catch (error) {
      unfinished = undefined;
      throw duckdbError(error, path);
    } finally {
      if (unfinished !== undefined) await giveUp(connection, unfinished);
    }
  }

  return {
    query,
    async tables() {
      const found: string[] = [];
      const sql = `SELECT table_name FROM information_schema.tables WHERE table_catalog = ${literal(names.catalog)} AND lower(table_schema) = lower(${literal(names.dataset)}) ORDER BY table_name`;
      for await (const rows of query(sql, [])) for (const row of rows) found.push(String(row["table_name"]));
      return found;
    },
    quote: duckdbDialect.quote,
    qualify: names.table,
    // The client closes the database.
    close: async () => {},
  };
}
