import type { DuckDBConnection } from "@duckdb/node-api";
import type { SqlReader } from "../../destination/sql-reader.ts";
import type { Names } from "./catalog.ts";
import { duckdbDialect } from "./dialect.ts";
import { duckdbError } from "./errors.ts";
import { cellFromDuckDb, parameterForDuckDb } from "./values.ts";

/** Reads a dataset in an open database; table names without a schema mean those of the dataset. */
export function duckdbReader(connection: DuckDBConnection, names: Names, path: string): SqlReader {
  let searchesDataset = false;

  async function* query(
    sql: string,
    parameters: readonly unknown[],
  ): AsyncGenerator<readonly Readonly<Record<string, unknown>>[], void, undefined> {
    try {
      const types = await import("@duckdb/node-api");
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
      for await (const rows of result.yieldRows()) {
        yield rows.map((row) =>
          Object.fromEntries(
            columns.map((column, index) => [column, cellFromDuckDb(row[index] ?? null, columnTypes[index]!)]),
          ),
        );
      }
    } catch (error) {
      throw duckdbError(error, path);
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
