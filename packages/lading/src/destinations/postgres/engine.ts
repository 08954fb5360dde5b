import { createReadStream } from "node:fs";
import { pipeline as flow } from "node:stream/promises";
import type { EngineTransaction, PartCopy, ResultRow, SqlEngine } from "../../destination/sql/load/index.ts";
import { foundTables, selectColumns, selectSchema, type Names } from "./catalog.ts";
import { settleCommit, type Reconnect } from "./commit-outcome.ts";
import { isPlainCell, stampRows } from "./stamp-rows.ts";
import { postgresDialect } from "./dialect.ts";
import type { Connection } from "../../engines/postgres/driver.ts";
import { isMissingTable, postgresError } from "../../engines/postgres/errors.ts";
import { refusedRows } from "./refused-rows.ts";

const { quote, literal } = postgresDialect;

/** Bytes of a row file that are read at a time. */
const pieceBytes = 256 * 1024;

export interface EngineOptions {
  readonly connection: Connection;
  readonly names: Names;
  readonly pipeline: string;
  /** Opens another connection, to ask what became of a commit whose answer was lost. */
  readonly reconnect: Reconnect;
}

/** PostgreSQL as loading sees it: DDL in transactions, row files by COPY. */
export function postgresEngine({ connection, names, pipeline, reconnect }: EngineOptions): SqlEngine {
  const { run, rows } = connection;
  /** A transaction is open. */
  let isOpen = false;

  async function copy(part: PartCopy): Promise<void> {
    const constants = Object.entries(part.constants);
    // A file that brings the column itself, or a value that needs quotes, takes the long way.
    const isSimple =
      constants.every(([, value]) => isPlainCell(value)) && !part.columns.some(({ name }) => name in part.constants);
    if (isSimple) {
      const columns = [...part.columns.map(({ name }) => name), ...constants.map(([name]) => name)];
      await copyFile(
        part.path,
        part.target,
        columns,
        constants.map(([, value]) => value),
      );
      return;
    }
    const waiting = postgresDialect.temporary("copied");
    const columns = part.columns.map(({ name }) => name);
    const list = part.columns.map((column) => `${quote(column.name)} ${postgresDialect.columnType(column)}`);
    await run(`CREATE TEMPORARY TABLE ${waiting} (${list.join(", ")}) ON COMMIT DROP`);
    await copyFile(part.path, waiting, columns, []);
    const kept = columns.filter((name) => !(name in part.constants));
    const into = [...kept, ...constants.map(([name]) => name)].map(quote).join(", ");
    const from = [...kept.map(quote), ...constants.map(([, value]) => literal(value))].join(", ");
    await run(`INSERT INTO ${part.target} (${into}) SELECT ${from} FROM ${waiting}`);
    await run(`DROP TABLE ${waiting}`);
  }

  async function copyFile(
    path: string,
    target: string,
    columns: readonly string[],
    cells: readonly string[],
  ): Promise<void> {
    const list = columns.map(quote).join(", ");
    const into = connection.copyFrom(
      `COPY ${target} (${list}) FROM STDIN WITH (FORMAT csv, DELIMITER E'\\t', NULL '', QUOTE '"', ESCAPE '"', ENCODING 'UTF8')`,
    );
    const file = createReadStream(path, { highWaterMark: pieceBytes });
    await (cells.length === 0 ? flow(file, into) : flow(file, stampRows(cells), into));
  }

  /** A statement that fails would end the transaction, but not one behind a savepoint. */
  async function rowIfThere(sql: string): Promise<ResultRow | undefined> {
    if (isOpen) await run("SAVEPOINT question");
    try {
      const [row] = await rows(sql);
      if (isOpen) await run("RELEASE SAVEPOINT question");
      return row;
    } catch (error) {
      if (!isMissingTable(error)) throw error;
      if (isOpen) await run("ROLLBACK TO SAVEPOINT question");
      return undefined;
    }
  }

  async function begin(): Promise<EngineTransaction> {
    await run("BEGIN");
    isOpen = true;
    // One load of a pipeline at a time, whatever machine it comes from; freed with the transaction.
    await run(`SELECT pg_advisory_xact_lock(hashtextextended(${literal(`lading ${names.dataset} ${pipeline}`)}, 0))`);
    return {
      expect: async () => {},
      async commit() {
        const [row] = await rows("SELECT pg_current_xact_id()::text AS id");
        isOpen = false;
        await settleCommit(() => run("COMMIT"), String(row!["id"]), reconnect);
      },
      async rollback() {
        if (!isOpen) return;
        isOpen = false;
        await run("ROLLBACK").catch(() => {
          // The connection is gone, and the transaction with it.
        });
      },
    };
  }

  return {
    dialect: postgresDialect,
    names,
    run,
    rows,
    rowIfThere,
    async makeDataset() {
      // IF NOT EXISTS asks for the right to make schemas first, which many do not have.
      if ((await rows(selectSchema(names.dataset))).length === 0)
        await run(`CREATE SCHEMA IF NOT EXISTS ${names.schema}`);
    },
    readCatalog: async () => foundTables(await rows(selectColumns(names.dataset))),
    copy,
    countsRows: false,
    begin,
    explain: (error, touched) => refusedRows(error, touched) ?? postgresError(error, connection.location),
  };
}
