import { setTimeout as wait } from "node:timers/promises";
import { LadingError } from "../../errors/index.ts";
import type { Connection } from "../../engines/postgres/driver.ts";
import { isConnectionLost } from "../../engines/postgres/errors.ts";

/** Opens another connection, or throws as the first one did. */
export type Reconnect = () => Promise<Connection>;

/** What is being committed. */
export interface Committed {
  /** The transaction's id, read before the commit. */
  readonly transaction: string;
  /** A question that has a row where the load is there. */
  readonly question: string;
}

/** How often the server is asked for a transaction's fate; it waits a tenth of a second each time. */
const mostQuestions = 600;

/** Milliseconds to wait before each attempt to connect again: a server that is restarted is back in seconds. */
const patience = [0, 100, 200, 400, 800, 1600, 3200];

/**
 * Commits, and where the answer is lost finds out what became of it: the server is asked for the transaction's fate until
 * it is no longer in progress, and then for the load. The load has the last word, as a server that crashed may give the id of a
 * transaction that it has not written down to another one. That it is not there is the error that was thrown; where nobody can
 * be asked, the next run asks.
 *
 * A server that has not noticed that its client is gone waits for the COMMIT, perhaps for hours, and holds its locks: its
 * session is ended. One that is committing is waited for.
 *
 * @param pause default: a timer
 */
export async function settleCommit(
  commit: () => Promise<void>,
  { transaction, question }: Committed,
  reconnect: Reconnect,
  pause: (milliseconds: number) => Promise<unknown> = wait,
): Promise<void> {
  try {
    await commit();
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    const connection = await connectAgain(reconnect, pause).catch(() => {
      throw error;
    });
    try {
      if (!(await isThere(connection, transaction, question))) throw error;
    } finally {
      await connection.close().catch(() => {});
    }
  }
}

async function isThere(connection: Connection, transaction: string, question: string): Promise<boolean> {
  try {
    for (let asked = 0; asked < mostQuestions; asked++) {
      const [row] = await connection.rows(`SELECT pg_xact_status('${transaction}'::xid8) AS status`);
      if (row?.["status"] === "aborted") return false;
      if (row?.["status"] !== "in progress") return (await connection.rows(question)).length > 0;
      if (asked > 10) {
        await connection.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = '${transaction}'::xid8::xid AND state IN ('idle in transaction', 'idle in transaction (aborted)')`,
        );
      }
      await connection.rows("SELECT pg_sleep(0.1)");
    }
    return false;
  } catch {
    // The id is not known any more, or there is no such table: it is not there. Or the connection is lost again.
    return false;
  }
}

async function connectAgain(
  reconnect: Reconnect,
  pause: (milliseconds: number) => Promise<unknown>,
): Promise<Connection> {
  for (let attempt = 0; ; attempt++) {
    await pause(patience[attempt]!);
    try {
      return await reconnect();
    } catch (error) {
      const isGone = LadingError.is(error) && error.code === "DESTINATION_UNREACHABLE";
      if (!isGone || attempt === patience.length - 1) throw error;
    }
  }
}
