import type { Destination } from "../../destination/destination.ts";
import { LadingError } from "../../errors/index.ts";
import { duckdbClient } from "./client.ts";
import { databasePath } from "./database-path.ts";
import { openDatabase } from "../../engines/duckdb/driver.ts";

/** Options of {@link duckdb}. */
export interface DuckDbOptions {
  /**
   * The database file, or `duckdb:///path`; relative to the project's folder. `:pipeline:` is a file in the pipeline's working
   * folder. Default: the setting `destination.duckdb.credentials` (the same forms, or a table with `database`), else
   * `<pipeline>.duckdb`.
   */
  readonly path?: string;
  /** What DuckDB may take, as it spells sizes. Default: 96 MB, more for very wide tables and very long rows. */
  readonly memoryLimit?: string;
  /** Threads of DuckDB while it loads. Default: 1. */
  readonly threads?: number;
}

/**
 * A DuckDB database file. Wants the package `@duckdb/node-api`.
 *
 * ```ts
 * pipeline({ name: "shop", source: shop, destination: duckdb("shop.duckdb") });
 * ```
 */
export function duckdb(options: string | DuckDbOptions = {}): Destination {
  const given: DuckDbOptions = typeof options === "string" ? { path: options } : options;
  if (given.path === ":memory:" || given.path === "") {
    throw new LadingError(
      "INVALID_ARGUMENT",
      "A DuckDB destination needs a file: what is loaded into memory is gone at the end.",
      {
        hint: 'Pass a path, such as duckdb("shop.duckdb").',
      },
    );
  }
  return {
    type: "destination",
    name: "duckdb",
    dltType: "dlt.destinations.duckdb",
    capabilities: {
      maxIdentifierLength: 65_536,
      identifierCase: "ascii-insensitive",
      mergeStrategies: ["delete-insert", "upsert", "scd2", "insert-only", "cdc"],
      replaceStrategies: ["truncate-and-insert", "insert-from-staging"],
    },
    describe: (where) => databasePath(given.path, where),
    async connect(where) {
      const path = databasePath(given.path, where);
      refuseReserved(where.dataset);
      const database = await openDatabase(path, {
        memoryLimit: given.memoryLimit,
        threads: given.threads ?? 1,
      });
      try {
        return await duckdbClient(database, path, where.dataset);
      } catch (error) {
        await database.close();
        throw error;
      }
    },
  };
}

/** Schemas of DuckDB's own, in which nobody may make tables. */
function refuseReserved(dataset: string): void {
  if (!["information_schema", "pg_catalog"].includes(dataset.toLowerCase())) return;
  throw new LadingError("INVALID_ARGUMENT", `A dataset in DuckDB cannot be called "${dataset}".`, {
    hint: "It is the name of a schema of DuckDB's own; choose another one.",
  });
}
