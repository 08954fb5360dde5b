import { createRequire } from "node:module";
import type { DuckDBConnection } from "@duckdb/node-api";
import { LadingError } from "../../errors/index.ts";
import { checkFile } from "./check-file.ts";
import { guarded } from "./errors.ts";
import { shareInstance } from "./shared-instance.ts";
import { textLiteral } from "./sql.ts";

/** Megabytes that DuckDB gets for a load of ordinary rows; its own default is most of the machine. */
export const leastMemory = 96;

/** How DuckDB is to run; its own defaults take a gigabyte for a million rows (spec performance 4). */
export interface DuckDbSettings {
  /** What DuckDB may take; `undefined`: what a load needs, see {@link memoryFor}. */
  readonly memoryLimit: string | undefined;
  /** Default: 1: JavaScript has the other core. */
  readonly threads: number;
}

/** An open database file with one connection. */
export interface OpenDatabase {
  readonly connection: DuckDBConnection;
  /** Opens another connection to the same database; whoever asks for it closes it. */
  another(): Promise<DuckDBConnection>;
  /** The file, links resolved. */
  readonly file: string;
  /** The user has set no limit: each load sets the one that it needs. */
  readonly sizesMemory: boolean;
  /** How the transactions that are open are given up. */
  readonly transactions: Set<() => Promise<void>>;
  /** Gives up what is open, and frees the file's lock where nobody else in this process has it open. */
  close(): Promise<void>;
}

/**
 * Opens a database file; made where it is missing. Throws `DESTINATION_*`.
 *
 * The lock of a file holds against other processes only: two instances in one process would write over each other.
 * So a file that is open in this process is shared. That takes the same configuration for all, therefore none is given,
 * and limits are set afterwards.
 */
export async function openDatabase(path: string, settings: DuckDbSettings): Promise<OpenDatabase> {
  const { DuckDBInstance } = duckdbDriver();
  const file = await checkFile(path);
  const { instance, leave } = await guarded(path, () => shareInstance(file, () => DuckDBInstance.fromCache(file)));
  let connection: DuckDBConnection | undefined;
  try {
    return await guarded(path, async () => {
      const opened = await instance.connect();
      connection = opened;
      const memory = settings.memoryLimit ?? `${leastMemory}MB`;
      await opened.run("SET TimeZone='UTC'");
      await opened.run(`SET threads=${settings.threads}`);
      await opened.run(`SET memory_limit=${textLiteral(memory)}`);
      const transactions: OpenDatabase["transactions"] = new Set();
      return {
        connection: opened,
        async another() {
          const other = await instance.connect();
          await other.run("SET TimeZone='UTC'");
          return other;
        },
        file,
        sizesMemory: settings.memoryLimit === undefined,
        transactions,
        async close() {
          for (const rollback of transactions) await rollback();
          opened.closeSync();
          leave();
        },
      };
    });
  } catch (error) {
    connection?.closeSync();
    leave();
    throw error;
  }
}

/**
 * The driver, loaded when it is first needed. It is CommonJS of sixty files: `require` takes half the time of `import`,
 * which reads each of them twice to find its names, and on a small load that is what one waits for.
 */
export function duckdbDriver(): typeof import("@duckdb/node-api") {
  try {
    return createRequire(import.meta.url)("@duckdb/node-api") as typeof import("@duckdb/node-api");
  } catch (cause) {
    throw new LadingError("DESTINATION_MISSING_DRIVER", "The DuckDB driver @duckdb/node-api cannot be loaded.", {
      cause,
      hint: "npm install @duckdb/node-api",
    });
  }
}
