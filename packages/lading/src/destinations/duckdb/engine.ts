import type { EngineTransaction, SqlEngine } from "../../destination/sql/load/index.ts";
import { queryRowIfThere, queryRows, readCatalog, type Names } from "./catalog.ts";
import { duckdbDialect, insertPart } from "./dialect.ts";
import { leastMemory, type OpenDatabase } from "../../engines/duckdb/driver.ts";
import { duckdbError } from "../../engines/duckdb/errors.ts";
import { memoryFor } from "./memory.ts";
import { refusedRows } from "./refused-rows.ts";
import { takeTurn } from "./take-turns.ts";

/** DuckDB as loading sees it. It does DDL in transactions, and reads row files by itself. */
export function duckdbEngine(database: OpenDatabase, names: Names, path: string): SqlEngine {
  const { connection } = database;
  const run = async (sql: string): Promise<void> => void (await connection.run(sql));
  return {
    dialect: duckdbDialect,
    names,
    run,
    rows: (sql) => queryRows(connection, sql),
    rowIfThere: (sql) => queryRowIfThere(connection, sql),
    makeDataset: () => run(`CREATE SCHEMA IF NOT EXISTS ${names.schema}`),
    readCatalog: () => readCatalog(connection, names),
    copy: (part) => run(insertPart(part)),
    countsRows: true,
    begin: () => begin(database),
    explain: (error, touched) => refusedRows(error, touched) ?? duckdbError(error, path),
  };
}

async function begin({ connection, file, sizesMemory, transactions }: OpenDatabase): Promise<EngineTransaction> {
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
  } catch (error) {
    await rollback();
    throw error;
  }
  return {
    async expect(files) {
      if (!sizesMemory || memoryFor(files) <= memory) return;
      memory = memoryFor(files);
      await connection.run(`SET memory_limit='${memory}MB'`);
    },
    async commit() {
      await connection.run("COMMIT");
      open = false;
      transactions.delete(rollback);
      turn.leave();
    },
    rollback,
  };
}
