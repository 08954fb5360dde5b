import { once } from "node:events";
import { createReadStream } from "node:fs";
import type { Transform } from "node:stream";
import { pipeline as flow } from "node:stream/promises";
import type { Connection } from "../../engines/postgres/driver.ts";
import { stampRows } from "./stamp-rows.ts";

/** Bytes of a row file that are read at a time. */
const pieceBytes = 1024 * 1024;
/** Bytes of row files after which a COPY is ended: a server may limit how long a statement takes. */
const copyBytes = 8 * 1024 * 1024;

/** Sends row files to the server. */
export interface CopyFeed {
  /**
   * Sends a row file. Files that follow one another with the same statement and stamp go into one COPY, which stays open:
   * an answer costs as much time as a page of rows while pages are worked on. So what the server says of a file is thrown
   * here, by a later file, or by {@link end}.
   *
   * @param stamp cells for the end of each row: {@link stampRows}
   */
  send(path: string, statement: string, stamp: readonly string[]): Promise<void>;
  /** Ends the COPY that is open. To be called before any other statement. */
  end(): Promise<void>;
  /** Ends the COPY that is open, whatever the server says: a rollback comes next. Never throws. */
  giveUp(): Promise<void>;
}

interface OpenCopy {
  /** Tells it from others. */
  readonly key: string;
  readonly rows: Transform;
  /** The server has taken everything, or says why not. */
  readonly done: Promise<void>;
  bytes: number;
}

/** Feeds the COPY statements of one connection. Only so much is read as the server takes. */
export function copyFeed({ copyFrom }: Pick<Connection, "copyFrom">): CopyFeed {
  let open: OpenCopy | undefined;

  function begin(key: string, statement: string, stamp: readonly string[]): OpenCopy {
    const rows = stampRows(stamp);
    const done = flow(rows, copyFrom(statement));
    // It is awaited by whoever comes next.
    done.catch(() => {});
    return { key, rows, done, bytes: 0 };
  }

  async function sendPieces({ rows, done }: OpenCopy, path: string): Promise<number> {
    let bytes = 0;
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
      if (rows.destroyed) await done;
      bytes += piece.length;
      if (!rows.write(piece)) await Promise.race([once(rows, "drain"), done]);
    }
    if (rows.destroyed) await done;
    return bytes;
  }

  async function end(): Promise<void> {
    const last = open;
    open = undefined;
    if (last === undefined) return;
    last.rows.end();
    await last.done;
  }

  /** A file that cannot be read must not pass for a whole one: the transaction is then good for a rollback only. */
  async function breakOff(): Promise<void> {
    const last = open;
    open = undefined;
    last?.rows.destroy(new Error("A row file could not be read."));
    await last?.done.catch(() => {});
  }

  return {
    async send(path, statement, stamp) {
      const key = JSON.stringify([statement, ...stamp]);
      if (open?.key !== key) await end();
      const copy = (open ??= begin(key, statement, stamp));
      try {
        copy.bytes += await sendPieces(copy, path);
      } catch (error) {
        await breakOff();
        throw error;
      }
      if (copy.bytes >= copyBytes) await end();
    },
    end,
    giveUp: () => end().catch(() => {}),
  };
}
