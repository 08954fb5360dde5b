import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { LadingError } from "../errors/index.ts";
import { parseRows, type RowCells } from "../util/row-cells.ts";
import type { Part } from "./manifest.ts";

const lineFeed = 10;
const quote = 34;
const defaultChunk = 256 * 1024;

export interface ReadRowsOptions {
  /** Bytes that are read at a time. Default: 256 KiB. */
  readonly chunkBytes?: number;
}

/**
 * Reads a row file back, as `RowBuffer` wrote it: the rows in batches, one for each piece that is read from the disk, so
 * that memory holds one piece, or one row where that is longer.
 *
 * @param folder of the package
 * @throws LadingError PACKAGE_CORRUPT where the file is not what the manifest says
 */
export async function* readRows(
  folder: string,
  part: Part,
  { chunkBytes = defaultChunk }: ReadRowsOptions = {},
): AsyncGenerator<readonly RowCells[], void, undefined> {
  if (part.bytes === 0) return;
  const corrupt = (what: string, cause?: unknown): LadingError =>
    new LadingError("PACKAGE_CORRUPT", `The load package in ${folder} is damaged: ${part.path} ${what}.`, {
      cause,
      details: { folder, path: part.path },
    });
  const path = join(folder, part.path);
  // What stands behind the sealed length does not count.
  const stream = createReadStream(path, { end: part.bytes - 1, highWaterMark: chunkBytes });
  const pieces = wholeRows();
  let rows = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      const text = pieces.take(chunk);
      if (text === "") continue;
      const parsed = parseRows(text, part.columns.length);
      if (parsed === undefined) throw corrupt(`cannot be read after row ${rows}`);
      rows += parsed.length;
      yield parsed;
    }
  } catch (error) {
    if (LadingError.is(error)) throw error;
    throw corrupt("cannot be read", error);
  }
  if (pieces.isInside() || rows !== part.rows) throw corrupt(`has ${rows} whole rows, and should have ${part.rows}`);
}

/** Cuts a stream of bytes where rows end. A row may be longer than a piece: each byte is looked at once all the same. */
function wholeRows(): { take(chunk: Uint8Array): string; isInside(): boolean } {
  let waiting: Uint8Array[] = [];
  let inQuotes = false;
  return {
    take(chunk) {
      let end = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at];
        if (byte === quote) inQuotes = !inQuotes;
        else if (byte === lineFeed && !inQuotes) end = at + 1;
      }
      if (end === 0) {
        waiting.push(chunk);
        return "";
      }
      const text = Buffer.concat([...waiting, chunk.subarray(0, end)]).toString("utf8");
      waiting = end < chunk.length ? [chunk.subarray(end)] : [];
      return text;
    },
    isInside: () => waiting.length > 0,
  };
}
