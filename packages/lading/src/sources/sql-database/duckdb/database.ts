import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { DuckDBResult } from "@duckdb/node-api";
import { projectFolder } from "../../../config/project-folder.ts";
import { openDatabase, type OpenDatabase } from "../../../engines/duckdb/driver.ts";
import { duckdbError } from "../../../engines/duckdb/errors.ts";
import { giveUp } from "../../../engines/duckdb/give-up.ts";
import { quoteIdentifier, textLiteral } from "../../../engines/duckdb/sql.ts";
import { LadingError } from "../../../errors/index.ts";
import type { RowCells } from "../../../util/row-cells.ts";
import type { Batch, BatchSize, Database, Snapshot } from "../database.ts";
import { renderSelect } from "../render-select.ts";
import { sourceError } from "../source-error.ts";
import { batchOfCells } from "./batch.ts";
import { listTables, reflectTable } from "./reflect.ts";

/** What DuckDB may take to put rows in order; beyond it goes to the disk. */
const memoryLimit = "512MB";

/** A DuckDB file as a source; a path that is not absolute is taken from the project's folder. */
export function duckdbDatabase(given: string): Database {
  const path = absolute(given);
  const fail = (error: unknown): Error => sourceError(duckdbError(error, path));

  async function open(): Promise<Snapshot> {
    if (!existsSync(path))
      throw new LadingError("SOURCE_NOT_FOUND", `There is no DuckDB file ${path}.`, { details: { path } });
    let database: OpenDatabase;
    try {
      database = await openDatabase(path, { memoryLimit, threads: 1 });
    } catch (error) {
      throw fail(error);
    }
    const { connection } = database;
    const rows: Snapshot["rows"] = async (sql) => {
      try {
        return (await connection.runAndReadAll(sql)).getRowObjectsJS();
      } catch (error) {
        throw fail(error);
      }
    };
    const close = (): Promise<void> => database.close();
    try {
      await connection.run("BEGIN TRANSACTION");
    } catch (error) {
      await close();
      throw fail(error);
    }
    return {
      rows,
      close,
      another: async () => undefined,
      async *read(select, size, signal) {
        const fits = select.columns.flatMap((one) => (one.fits === undefined ? [] : [`(${one.fits}) IS NOT FALSE`]));
        const mark = fits.length === 0 ? "TRUE" : fits.join(" AND ");
        let unfinished: DuckDBResult | undefined;
        try {
          const result = await connection.stream(renderSelect(select, [mark]));
          unfinished = result;
          const batches = gatherRows(async () => {
            signal.throwIfAborted();
            const chunk = await result.fetchChunk();
            return chunk === null || chunk.rowCount === 0 ? undefined : chunk.getRows();
          }, size);
          yield* batches;
          unfinished = undefined;
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          unfinished = undefined;
          throw fail(error);
        } finally {
          if (unfinished !== undefined) await giveUp(connection, unfinished);
        }
      },
    };
  }

  return {
    location: path,
    quote: quoteIdentifier,
    literal: textLiteral,
    bytesLiteral: (hex) => `unhex('${hex}')`,
    isShared: false,
    binaryCollation: "",
    qualify: ({ schema, name }) => `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
    open,
    tables: listTables,
    table: reflectTable,
  };
}

/** The engine's own chunks are small: some of them make a batch. */
async function* gatherRows(
  next: () => Promise<readonly (readonly unknown[])[] | undefined>,
  size: BatchSize,
): AsyncGenerator<Batch, void, undefined> {
  let cells: RowCells[] = [];
  let fits = true;
  let length = 0;
  const take = (): Batch => {
    const batch = batchOfCells(cells, fits);
    cells = [];
    fits = true;
    length = 0;
    return batch;
  };
  for (let rows = await next(); rows !== undefined; rows = await next()) {
    for (const [mark, ...row] of rows) {
      fits &&= mark === true;
      cells.push(row as RowCells);
      for (const cell of row as RowCells) length += (cell?.length ?? 0) + 1;
      if (cells.length >= size.rows || length >= size.bytes) yield take();
    }
  }
  if (cells.length > 0) yield take();
}

function absolute(given: string): string {
  const { env } = process;
  const home = (env["HOME"] ?? env["USERPROFILE"]) || homedir();
  return isAbsolute(given) ? given : join(projectFolder({ cwd: process.cwd(), home, env }), given);
}
