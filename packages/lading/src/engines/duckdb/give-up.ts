import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";

/** A result that is not read to its end keeps the engine busy for ever once its connection is closed. */
export async function giveUp(connection: DuckDBConnection, result: DuckDBResult): Promise<void> {
  connection.interrupt();
  try {
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0;)
      chunk = await result.fetchChunk();
  } catch {
    // That it was interrupted is what we wanted.
  }
}
