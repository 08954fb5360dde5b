import type { Connection } from "../../engines/postgres/driver.ts";
import { isConnectionLost } from "../../engines/postgres/errors.ts";

/** Opens another connection, or throws as the first one did. */
export type Reconnect = () => Promise<Connection>;

/**
 * Commits, and where the answer is lost finds out what became of it: the server is asked for the transaction's fate until
 * it is no longer in progress. That it was rolled back is the error that was thrown; a server that has forgotten the
 * transaction leaves the question to the next run, which asks for the load id.
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
    if (!isConnectionLost(error)) throw error;
    const connection = await reconnect().catch(() => {
      throw error;
    });
    try {
      for (;;) {
        const [row] = await connection.rows(`SELECT pg_xact_status('${transaction}'::xid8) AS status`);
        const status = row?.["status"];
        if (status === "committed") return;
        if (status !== "in progress") throw error;
        await connection.rows("SELECT pg_sleep(0.1)");
      }
    } finally {
      await connection.close();
    }
  }
}
