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
import { foundTables, selectColumns, selectSchema, type Names } from "./catalog.ts";
import { settleCommit, type Reconnect } from "./commit-outcome.ts";
import { copyFeed } from "./copy-feed.ts";
import { LadingError } from "../../errors/index.ts";
import type { ColumnSchema } from "../../schema/schema.ts";
import { postgresDialect } from "./dialect.ts";
import type { Connection } from "../../engines/postgres/driver.ts";
import { isMissingTable, postgresError } from "../../engines/postgres/errors.ts";
import { mayHoldNul, withoutNuls } from "./nul-escapes.ts";
import { refusedRows } from "./refused-rows.ts";
import { isPlainCell } from "./stamp-rows.ts";
import { tooWide } from "./too-wide.ts";

const { quote, literal } = postgresDialect;

/** Bytes of a row file that are looked through at a time. */
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
  /** A transaction is open. */
  let isOpen = false;
  const feed = copyFeed(connection);

  async function run(sql: string): Promise<void> {
    await feed.end();
    await connection.run(sql);
  }

  async function rows(sql: string): Promise<readonly ResultRow[]> {
    await feed.end();
    return connection.rows(sql);
  }

  async function copy(part: PartCopy): Promise<void> {
    const constants = Object.entries(part.constants);
    // A file that brings the column itself, or a value that needs quotes, takes the long way.
    const isConstant = (name: string): boolean => Object.hasOwn(part.constants, name);
    const hasJson = part.columns.some((column) => column.data_type === "json");
    const losesNuls = hasJson && (await mayHoldNul(part.path, pieceBytes));
    const isSimple =
      !losesNuls &&
      constants.every(([, value]) => isPlainCell(value)) &&
      !part.columns.some(({ name }) => isConstant(name));
    if (isSimple) {
      const columns = [...part.columns.map(({ name }) => name), ...constants.map(([name]) => name)];
      const stamp = constants.map(([, value]) => value);
      await feed.send(part.path, copyStatement(part.target, columns), stamp);
      return;
    }
    const waiting = postgresDialect.temporary("copied");
    const columns = part.columns.map(({ name }) => name);
    const isText = (column: ColumnSchema): boolean => losesNuls && column.data_type === "json";
    const list = part.columns.map(
      (column) => `${quote(column.name)} ${isText(column) ? "text" : postgresDialect.columnType(column)}`,
    );
    await run(`CREATE TEMPORARY TABLE ${waiting} (${list.join(", ")}) ON COMMIT DROP`);
    await feed.send(part.path, copyStatement(waiting, columns), []);
    const kept = part.columns.filter(({ name }) => !isConstant(name));
    const into = [...kept.map(({ name }) => name), ...constants.map(([name]) => name)].map(quote);
    const from = [
      ...kept.map((column) => (isText(column) ? withoutNuls(column.name) : quote(column.name))),
      ...constants.map(([, value]) => literal(value)),
    ];
    await run(`INSERT INTO ${part.target} (${into.join(", ")}) SELECT ${from.join(", ")} FROM ${waiting}`);
    await run(`DROP TABLE ${waiting}`);
  }

  /** A statement that fails would end the transaction, but not one behind a savepoint. All is sent at once. */
  async function rowIfThere(sql: string): Promise<ResultRow | undefined> {
    try {
      const [row] = await rows(isOpen ? `SAVEPOINT question; ${sql}; RELEASE SAVEPOINT question` : sql);
      return row;
    } catch (error) {
      if (!isMissingTable(error)) throw error;
      if (isOpen) await run("ROLLBACK TO SAVEPOINT question");
      return undefined;
    }
  }

  /** Waits for whoever has the lock; it is freed with the transaction. Names are of this dataset only. */
  const lockStatement = (...what: readonly string[]): string => {
    const name = JSON.stringify(["lading", names.dataset, ...what]);
    return `SELECT pg_advisory_xact_lock(hashtextextended(${literal(name)}, 0))`;
  };
  const lock = (...what: readonly string[]): Promise<void> => run(lockStatement(...what));
  const lockCatalog = (): Promise<void> => lock("catalog");

  async function rollback(): Promise<void> {
    if (!isOpen) return;
    isOpen = false;
    await feed.giveUp();
    await run("ROLLBACK").catch(() => {
      // The connection is gone, and the transaction with it.
    });
  }

  async function begin({ loadId }: EarlyRequest): Promise<EngineTransaction> {
    isOpen = true;
    try {
      // One load of a pipeline at a time, whatever machine it comes from: also one whose commit was lost on the way.
      await run(`${options.begin()}; ${lockStatement("pipeline", pipeline)}`);
    } catch (error) {
      await rollback();
      throw error;
    }
    return {
      expect: async () => {},
      async commit() {
        const [row] = await rows("SELECT pg_current_xact_id()::text AS id");
        isOpen = false;
        const question = selectLoad(dialect, names.system, { loadId });
        await settleCommit(() => commit(connection), { transaction: String(row!["id"]), question }, reconnect);
      },
      rollback,
    };
  }

  return {
    dialect,
    names,
    run,
    rows,
    rowIfThere,
    lockCatalog,
    lockMerge: (table) => lock("merge", table),
    async makeDataset() {
      // IF NOT EXISTS asks for the right to make schemas first, which many do not have.
      const isThere = async (): Promise<boolean> => (await rows(selectSchema(names.dataset))).length > 0;
      if (await isThere()) return;
      await lockCatalog();
      if (!(await isThere())) await run(`CREATE SCHEMA ${names.schema}`);
    },
    readCatalog: async () => foundTables(await rows(selectColumns(names.dataset))),
    copy,
    countsRows: false,
    begin,
    explain: (error, touched) =>
      refusedRows(error, touched) ?? tooWide(error, touched) ?? postgresError(error, connection.location),
  };
}

/** A statement that takes the rows of a row file. */
function copyStatement(target: string, columns: readonly string[]): string {
  return `COPY ${target} (${columns.map(quote).join(", ")}) FROM STDIN WITH (FORMAT csv, DELIMITER E'\\t', NULL '', QUOTE '"', ESCAPE '"', ENCODING 'UTF8')`;
}

/** Where a statement has failed and nobody noticed, the server answers a COMMIT by rolling back, and calls that a success. */
async function commit({ client, location }: Connection): Promise<void> {
  const { command } = await client.query("COMMIT");
  if (command === "COMMIT") return;
  throw new LadingError(
    "DESTINATION_FAILED",
    `The database ${location} rolled the load back instead of committing it.`,
  );
}
