import type { SqlReader } from "../destination/sql-reader.ts";
import { LadingError } from "../errors/index.ts";

/** A connection that is there while somebody reads, and only then: nothing has to be closed, and nothing stays locked. */
export interface Connection {
  /** Lends the reader to a query; what is opened by the first is closed by the last. */
  use<T>(query: (reader: SqlReader) => AsyncIterable<T>): AsyncGenerator<T, void, undefined>;
  /**
   * Ends what is open; later queries are refused, and so is what is still wanted of earlier ones. A query that the engine
   * is at is waited for by whoever asked for it: closing a connection under it may end the process.
   */
  close(): Promise<void>;
}

/** @param connect opens a reader; its `close` closes all that it opened */
export function lazyConnection(connect: () => Promise<SqlReader>): Connection {
  let open: Promise<SqlReader> | undefined;
  let isClosed = false;
  const readings = new Set<Reading>();

  async function shut(): Promise<void> {
    const reader = open;
    open = undefined;
    // A connection that was never made needs no closing; whoever asked for it has the error.
    await (await reader?.catch(() => undefined))?.close();
  }

  return {
    async *use(query) {
      refuseClosed(isClosed);
      const own: Reading = { isBusy: true, end: async () => {} };
      readings.add(own);
      try {
        const rows = query(await (open ??= connect()))[Symbol.asyncIterator]();
        own.end = async () => void (await rows.return?.());
        for (;;) {
          refuseClosed(isClosed);
          own.isBusy = true;
          const next = await rows.next();
          own.isBusy = false;
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await own.end();
        readings.delete(own);
        if (readings.size === 0) await shut();
      }
    },
    async close() {
      isClosed = true;
      const all = [...readings];
      for (const one of all) if (!one.isBusy) await one.end();
      if (all.every((one) => !one.isBusy)) await shut();
    },
  };
}

/** A query that somebody reads. */
interface Reading {
  /** The engine is at it. */
  isBusy: boolean;
  end: () => Promise<void>;
}

function refuseClosed(isClosed: boolean): void {
  if (!isClosed) return;
  throw new LadingError("INVALID_ARGUMENT", "The dataset is closed", { hint: "Ask the pipeline for a new one." });
}
