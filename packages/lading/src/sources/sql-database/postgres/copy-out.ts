import { Buffer } from "node:buffer";
import type { Client } from "pg";
import { idRoom } from "../../../resource/cell-rows.ts";
import { parseRows, type RowCells } from "../../../util/row-cells.ts";
import type { Batch, BatchSize } from "../database.ts";

const tab = 9;
const idFiller = 65;

/** Batches that wait for the consumer before the server is told to wait. */
const batchesAhead = 2;

/** The bytes of a batch while rows come. */
interface Filling {
  bytes: Buffer;
  length: number;
  starts: number[];
  fits: boolean;
}

/**
 * The rows that a `COPY … TO STDOUT` in CSV gives, in batches. The first cell of each row is empty, or `1` where a value of
 * the row fits no column of its type.
 *
 * The server sends each row in a message of its own, so that nothing has to be searched for rows' ends; and it waits when
 * nobody takes what it has sent.
 *
 * @param columns how many cells a row has beside the first
 */
export async function* copyOut(
  client: Client,
  sql: string,
  { columns, size, signal }: { readonly columns: number; readonly size: BatchSize; readonly signal: AbortSignal },
): AsyncGenerator<Batch, void, undefined> {
  const ready: Batch[] = [];
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  let filling = emptyFilling(size.bytes);
  const { stream } = (client as unknown as { readonly connection: Wire }).connection;

  const flush = (): void => {
    if (filling.starts.length === 0) return;
    ready.push(batchOf(filling, columns));
    filling = emptyFilling(size.bytes);
    if (ready.length >= batchesAhead) stream.pause();
    wake?.();
  };
  const end = (error?: { readonly error: unknown }): void => {
    isOver = true;
    failure ??= error;
    wake?.();
  };
  const onAbort = (): void => {
    end({ error: signal.reason });
    stream.destroy();
  };
  const query: CopyQuery = {
    submit: (connection) => connection.query(sql),
    handleCopyData({ chunk }) {
      append(filling, chunk);
      if (filling.length >= size.bytes || filling.starts.length >= size.rows) flush();
    },
    handleCommandComplete: flush,
    handleReadyForQuery: () => end(),
    handleError: (error) => end({ error }),
  };

  signal.throwIfAborted();
  signal.addEventListener("abort", onAbort);
  try {
    // It is no query of the driver's own, and gives nothing to wait for.
    (client as unknown as { query(own: CopyQuery): void }).query(query);
    for (;;) {
      const batch = ready.shift();
      if (batch !== undefined) {
        if (ready.length < batchesAhead) stream.resume();
        yield batch;
        continue;
      }
      if (failure !== undefined) throw failure.error;
      if (isOver) return;
      await new Promise<void>((resolve) => (wake = resolve));
      wake = undefined;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // The server cannot be told to stop in the middle of it.
    if (!isOver) stream.destroy();
  }
}

/** What of the driver is needed here, and not in its types. */
interface Wire {
  readonly stream: { pause(): void; resume(): void; destroy(): void };
  query(sql: string): void;
}

interface CopyQuery {
  submit(connection: Wire): void;
  handleCopyData(message: { readonly chunk: Buffer }): void;
  handleCommandComplete(): void;
  handleReadyForQuery(): void;
  handleError(error: unknown): void;
}

function emptyFilling(bytes: number): Filling {
  return { bytes: Buffer.allocUnsafe(bytes + 64 * 1024), length: 0, starts: [], fits: true };
}

function append(filling: Filling, row: Buffer): void {
  const { length } = filling;
  const needed = length + idRoom + row.length;
  if (needed > filling.bytes.length) {
    const larger = Buffer.allocUnsafe(Math.max(needed, filling.bytes.length * 2));
    filling.bytes.copy(larger, 0, 0, length);
    filling.bytes = larger;
  }
  const from = row[0] === tab ? 0 : 1;
  if (from === 1) filling.fits = false;
  const { bytes } = filling;
  for (let i = length; i < length + idRoom; i++) bytes[i] = idFiller;
  bytes.set(from === 0 ? row : row.subarray(from), length + idRoom);
  filling.starts.push(length);
  filling.length = needed - from;
}

function batchOf({ bytes: room, length, starts, fits }: Filling, columns: number): Batch {
  const bytes = room.subarray(0, length);
  let cells: readonly RowCells[] | undefined;
  return {
    count: starts.length,
    size: length,
    cells: () => (cells ??= parsed(bytes, columns)),
    last: () => parsed(bytes.subarray(starts.at(-1)), columns)[0]!,
    bytes: fits ? { bytes, starts } : undefined,
  };
}

function parsed(bytes: Buffer, columns: number): RowCells[] {
  const rows = parseRows(bytes.toString("utf8"), columns + 1);
  if (rows === undefined) throw new Error("PostgreSQL has sent rows with another number of columns");
  return rows.map((row) => row.slice(1));
}
