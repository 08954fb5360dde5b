import type { DuckDBConnection } from "@duckdb/node-api";
import type { EarlyLoad, EarlyRequest, LoadRequest, LoadTransaction } from "../../destination/destination.ts";
import type { Part } from "../../load-package/manifest.ts";
import type { TableSchema } from "../../schema/schema.ts";
import type { Names } from "./catalog.ts";
import type { OpenDatabase } from "./driver.ts";
import { duckdbError } from "./errors.ts";
import { loadTables, type LoadTables } from "./load-tables.ts";
import { sealedLoad } from "./load-transaction.ts";
import { leastMemory, memoryFor } from "./memory.ts";
import { refusedRows } from "./refused-rows.ts";
import { takeTurn } from "./take-turns.ts";

/** The one transaction of a load, and what was done in it so far. */
export interface Transaction {
  readonly connection: DuckDBConnection;
  readonly tables: LoadTables;
  /** Files that were copied before the seal, by their paths. */
  readonly early: ReadonlySet<string>;
  /** DuckDB's own errors, in our words. */
  guarded<T>(action: () => Promise<T>, touched: readonly TableSchema[]): Promise<T>;
  commit(): Promise<void>;
  /** Does nothing where it has ended. */
  rollback(): Promise<void>;
}

interface OpenTransaction extends Transaction {
  readonly early: Set<string>;
  /** Gives DuckDB the memory that these files need, if it has less. */
  sizeMemory(parts: readonly Part[]): Promise<void>;
}

/** Begins to load a sealed package. */
export async function beginLoad(
  database: OpenDatabase,
  names: Names,
  path: string,
  load: LoadRequest,
): Promise<LoadTransaction> {
  const transaction = await begin(database, names, path, load.package.manifest);
  return sealed(transaction, names, load);
}

/** Begins to load a package that is still being filled. */
export async function beginEarlyLoad(
  database: OpenDatabase,
  names: Names,
  path: string,
  request: EarlyRequest,
): Promise<EarlyLoad> {
  const transaction = await begin(database, names, path, request);
  const { tables } = transaction;
  return {
    copy: (part, folder, schema) => {
      const table = schema.tables.get(part.table)!;
      return transaction.guarded(async () => {
        await transaction.sizeMemory([part]);
        await tables.bring(schema, table);
        tables.checkTypes(schema, part);
        await tables.prepare(schema, table);
        await tables.copy(schema, part, folder);
        transaction.early.add(part.path);
      }, [table]);
    },
    async complete(load) {
      if (tables.fits(load.schema)) return sealed(transaction, names, load);
      // What the rows of the end made of the schema would have given other tables: all anew.
      await transaction.rollback();
      return beginLoad(database, names, path, load);
    },
    rollback: () => transaction.rollback(),
  };
}

async function sealed(transaction: OpenTransaction, names: Names, load: LoadRequest): Promise<LoadTransaction> {
  await transaction.sizeMemory(load.package.manifest.parts);
  return sealedLoad(transaction, names, load);
}

async function begin(
  { connection, file, sizesMemory, transactions }: OpenDatabase,
  names: Names,
  path: string,
  request: EarlyRequest,
): Promise<OpenTransaction> {
  let memory = leastMemory;
  let open = true;
  const turn = takeTurn(file);
  const rollback = async (): Promise<void> => {
    if (!open) return;
    open = false;
    transactions.delete(rollback);
    await connection.run("ROLLBACK").catch(() => {
      // DuckDB has rolled back by itself after a fatal error.
    });
    turn.leave();
  };
  transactions.add(rollback);
  try {
    await turn.come;
    await connection.run("BEGIN TRANSACTION");
    return {
      connection,
      tables: await loadTables(connection, names, request),
      early: new Set(),
      async sizeMemory(parts) {
        if (!sizesMemory || memoryFor(parts) <= memory) return;
        memory = memoryFor(parts);
        await connection.run(`SET memory_limit='${memory}MB'`);
      },
      async guarded(action, touched) {
        try {
          return await action();
        } catch (error) {
          throw refusedRows(error, touched) ?? duckdbError(error, path);
        }
      },
      async commit() {
        await connection.run("COMMIT");
        open = false;
        transactions.delete(rollback);
        turn.leave();
      },
      rollback,
    };
  } catch (error) {
    await rollback();
    throw error;
  }
}
