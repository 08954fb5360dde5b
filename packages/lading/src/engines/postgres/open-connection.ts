import { LadingError } from "../../errors/index.ts";
import type { Attempt, ResolvedConnection } from "./connection.ts";
import { type Connection, connectTo } from "./driver.ts";
import { isConnectionLost, isTlsRefused, postgresError } from "./errors.ts";

/**
 * Connects to the first server that answers, as libpq does: each is tried in the ways that its `sslmode` allows, and the next
 * one where it cannot be reached, or is a copy and rows are to be written. A password that is refused ends the search.
 *
 * @throws LadingError DESTINATION_*
 */
export async function openConnection({ servers, mustWrite, location }: ResolvedConnection): Promise<Connection> {
  let failure: unknown;
  for (const attempts of servers) {
    try {
      const connection = await connectInSomeWay(attempts, location);
      if (!mustWrite || (await takesRows(connection))) return connection;
      await connection.close();
      failure ??= new LadingError("DESTINATION_READ_ONLY", `None of the servers of ${location} takes rows.`, {
        hint: "They are read-only copies. Name the primary; with target_session_attrs=any nobody looks.",
      });
    } catch (error) {
      failure = error;
      if (!isConnectionLost(error)) break;
    }
  }
  throw postgresError(failure, location);
}

/** The first way that the server takes: where it has no TLS, or wants it, the next one. */
async function connectInSomeWay(attempts: readonly Attempt[], location: string): Promise<Connection> {
  const [first, ...others] = attempts;
  try {
    return await connectTo(first!.config, location);
  } catch (error) {
    if (others.length === 0 || !isTlsRefused(error)) throw error;
    return connectInSomeWay(others, location);
  }
}

async function takesRows(connection: Connection): Promise<boolean> {
  const [row] = await connection.rows(
    "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS reads_only",
  );
  return row?.["reads_only"] === false;
}
