import type { SqlReader } from "../destination/sql-reader.ts";
import { LadingError } from "../errors/index.ts";

/** A connection that is there while somebody reads, and only then: nothing has to be closed, and nothing stays locked. */
export interface Connection {
  /** Lends the reader to a query; what is opened by the first is closed by the last. */
  use<T>(query: (reader: SqlReader) => AsyncIterable<T>): AsyncGenerator<T, void, undefined>;
  /** Ends what is open; later queries are refused. */
  close(): Promise<void>;
}

/** @param connect opens a reader; its `close` closes all that it opened */
export function lazyConnection(connect: () => Promise<SqlReader>): Connection {
  let open: Promise<SqlReader> | undefined;
  let users = 0;
  let isClosed = false;

  async function shut(): Promise<void> {
    const reader = open;
    open = undefined;
    // A connection that was never made needs no closing; whoever asked for it has the error.
    await (await reader?.catch(() => undefined))?.close();
  }

  return {
    async *use(query) {
      if (isClosed)
        throw new LadingError("INVALID_ARGUMENT", "The dataset is closed", { hint: "Ask the pipeline for a new one." });
      users++;
      try {
        yield* query(await (open ??= connect()));
      } finally {
        users--;
        if (users === 0) await shut();
      }
    },
    async close() {
      isClosed = true;
      await shut();
    },
  };
}
