import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";
import type { SqlReader } from "../../destination/sql-reader.ts";
import type { Names } from "./catalog.ts";
import { duckdbDialect } from "./dialect.ts";
import { duckdbDriver } from "../../engines/duckdb/driver.ts";
import { duckdbError } from "../../engines/duckdb/errors.ts";
import { giveUp } from "../../engines/duckdb/give-up.ts";
import { cellFromDuckDb, parameterForDuckDb } from "./values.ts";

/** Reads a dataset in an open database; table names without a schema mean those of the dataset. */
export function duckdbReader(connection: DuckDBConnection, names: Names, path: string): SqlReader {
  let searchesDataset = false;

  async function* query(
    sql: string,
    parameters: readonly unknown[],
  ): AsyncGenerator<readonly Readonly<Record<string, unknown>>[], void, undefined> {
    let unfinished: DuckDBResult | undefined;
    try {
      const types = duckdbDriver();
      if (!searchesDataset) {
        searchesDataset = true;
        await connection.run(`SET search_path = ${duckdbDialect.literal(names.schema)}`).catch(() => {
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
    quote: duckdbDialect.quote,
    qualify: names.table,
    // The client closes the database.
    close: async () => {},
  };
}
