import type { Connection } from "./driver.ts";
import { isConnectionLost } from "./errors.ts";

/** Opens another connection, or throws as the first one did. */
export type Reconnect = () => Promise<Connection>;

/** How often the server is asked; it waits a tenth of a second each time. */
const mostQuestions = 600;

/**
 * Commits, and where the answer is lost finds out what became of it: the server is asked for the transaction's fate until
 * it is no longer in progress. That it was rolled back is the error that was thrown. Where the server cannot be asked, has
 * forgotten the transaction or does not come to an end, the question is left to the next run, which asks for the load id.
 *
 * A server that has not noticed that its client is gone waits for the COMMIT, perhaps for hours, and holds its locks: its
 * session is ended. One that is committing is waited for.
 *
 * @param transaction its id, read before the commit
 */
export async function settleCommit(
  commit: () => Promise<void>,
  transaction: string,
  reconnect: Reconnect,
): Promise<void> {
  try {
    await commit();
  } catch (error) {
    if (!isConnectionLost(error) || !(await wasCommitted(transaction, reconnect).catch(() => false))) throw error;
  }
}

async function wasCommitted(transaction: string, reconnect: Reconnect): Promise<boolean> {
  const connection = await reconnect();
  try {
    for (let question = 0; question < mostQuestions; question++) {
      const [row] = await connection.rows(`SELECT pg_xact_status('${transaction}'::xid8) AS status`);
      if (row?.["status"] !== "in progress") return row?.["status"] === "committed";
      if (question > 10) {
        await connection.rows(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = '${transaction}'::xid8::xid AND state IN ('idle in transaction', 'idle in transaction (aborted)')`,
        );
      }
      await connection.rows("SELECT pg_sleep(0.1)");
    }
    return false;
  } finally {
    await connection.close();
  }
}
