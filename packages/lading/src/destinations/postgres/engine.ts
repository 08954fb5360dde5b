import { createReadStream } from "node:fs";
import { pipeline as flow } from "node:stream/promises";
import type { EarlyRequest } from "../../destination/destination.ts";
import type {
  EngineTransaction,
  LoadDialect,
  PartCopy,
  ResultRow,
  SqlEngine,
} from "../../destination/sql/load/index.ts";
import { selectLoad } from "../../destination/sql/system-rows.ts";
import type { BeginTransaction } from "./begin-transaction.ts";
import { foundTables, selectColumns, selectDataset, type Names } from "./catalog.ts";
import { settleCommit, type Reconnect } from "./commit-outcome.ts";
import { isPlainCell, stampRows } from "./stamp-rows.ts";
import { postgresDialect } from "./dialect.ts";
import type { Connection } from "./driver.ts";
import { isMissingTable, postgresError } from "./errors.ts";
import { refusedRows } from "./refused-rows.ts";

const { quote, literal } = postgresDialect;

/** Bytes of a row file that are read at a time. */
const pieceBytes = 256 * 1024;

export interface EngineOptions {
  readonly connection: Connection;
  readonly names: Names;
  readonly pipeline: string;
  readonly begin: BeginTransaction;
  readonly dialect: LoadDialect;
  /** Opens another connection, to ask what became of a commit whose answer was lost. */
  readonly reconnect: Reconnect;
}

/** PostgreSQL as loading sees it: DDL in transactions, row files by COPY. */
export function postgresEngine(options: EngineOptions): SqlEngine {
  const { connection, names, pipeline, dialect, reconnect } = options;
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
    await flow(file, stampRows(cells), into);
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

  /** Waits for whoever has it; freed with the transaction, so that no pooler keeps it. */
  async function lock(name: string): Promise<void> {
    await run(`SELECT pg_advisory_xact_lock(hashtextextended(${literal(name)}, 0))`);
  }

  /** Two pipelines would make the schema and dlt's tables at the same time, and one of them would fail. */
  async function makeDataset(): Promise<void> {
    const [dataset] = await rows(selectDataset(names.dataset));
    if (dataset?.["system_tables"] === "2") return;
    await lock(`lading ${names.dataset}`);
    // IF NOT EXISTS asks for the right to make schemas first, which many do not have.
    if (dataset === undefined && (await rows(selectDataset(names.dataset))).length === 0)
      await run(`CREATE SCHEMA IF NOT EXISTS ${names.schema}`);
  }

  async function begin({ loadId }: EarlyRequest): Promise<EngineTransaction> {
    await run(options.begin());
    isOpen = true;
    // One load of a pipeline at a time, whatever machine it comes from: also one whose commit was lost on the way.
    await lock(`lading ${names.dataset} ${pipeline}`);
    return {
      expect: async () => {},
      async commit() {
        const [row] = await rows("SELECT pg_current_xact_id()::text AS id");
        isOpen = false;
        const question = selectLoad(dialect, names.system, loadId);
        await settleCommit(() => run("COMMIT"), { transaction: String(row!["id"]), question }, reconnect);
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
    dialect,
    names,
    run,
    rows,
    rowIfThere,
    makeDataset,
    readCatalog: async () => foundTables(await rows(selectColumns(names.dataset))),
    copy,
    countsRows: false,
    begin,
    explain: (error, touched) => refusedRows(error, touched) ?? postgresError(error, connection.location),
  };
}
