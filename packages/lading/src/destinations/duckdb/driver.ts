import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { LadingError } from "../../errors/index.ts";
import { checkFile } from "./check-file.ts";
import { duckdbDialect } from "./dialect.ts";
import { duckdbError } from "./errors.ts";

/** How DuckDB is to run; its own defaults take a gigabyte for a million rows (spec performance 4). */
export interface DuckDbSettings {
  /** Default: `256MB`. */
  readonly memoryLimit: string;
  /** Default: 1: JavaScript has the other core. */
  readonly threads: number;
}

/** An open database file with one connection. */
export interface OpenDatabase {
  readonly connection: DuckDBConnection;
  /** The file, links resolved. */
  readonly file: string;
  /** Frees the file's lock, where nobody else in this process has it open. */
  close(): void;
}

/**
 * Opens a database file; made where it is missing. Throws `DESTINATION_*`.
 *
 * The lock of a file holds against other processes only: two instances in one process would write over each other.
 * So a file that is open in this process is shared. That takes the same configuration for all, therefore none is given,
 * and limits are set afterwards.
 */
export async function openDatabase(path: string, settings: DuckDbSettings): Promise<OpenDatabase> {
  const { DuckDBInstance } = await importDriver();
  const file = await checkFile(path);
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.fromCache(file);
  } catch (cause) {
    throw duckdbError(cause, path);
  }
  let connection: DuckDBConnection | undefined;
  try {
    connection = await instance.connect();
    await connection.run("SET TimeZone='UTC'");
    await connection.run(`SET threads=${settings.threads}`);
    await connection.run(`SET memory_limit=${duckdbDialect.literal(settings.memoryLimit)}`);
  } catch (cause) {
    connection?.closeSync();
    instance.closeSync();
    throw duckdbError(cause, path);
  }
  const opened = connection;
  return {
    connection: opened,
    file,
    close() {
      opened.closeSync();
      instance.closeSync();
    },
  };
}

async function importDriver(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (cause) {
    throw new LadingError("DESTINATION_MISSING_DRIVER", "The DuckDB driver @duckdb/node-api cannot be loaded.", {
      cause,
      hint: "npm install @duckdb/node-api",
    });
  }
}
