import { Buffer } from "node:buffer";
import { Transform, type TransformCallback } from "node:stream";

const lineFeed = 10;
const quote = 34;

/**
 * Adds cells to the end of each row of a row file on its way to the server: what is the same in all rows is known only
 * at the load, and COPY takes columns from the stream alone. A line feed ends a row unless it is between quotes. The
 * character NUL is left out, as the server takes none.
 *
 * @param cells plain text each: without tabs, quotes and line ends
 */
export function stampRows(cells: readonly string[]): Transform {
  if (cells.length === 0) return transform(withoutNul);
  const stamp = Buffer.from(cells.map((cell) => `\t${cell}`).join(""));
  let quoted = false;

  function stamped(chunk: Buffer): Buffer {
    // Rows of an ordinary file are longer than what they get; where they are not, there is room for more.
    let out = Buffer.allocUnsafe(chunk.length * 2 + stamp.length);
    let length = 0;
    let from = 0;
    let nextQuote = chunk.indexOf(quote);
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, end + 1)) {
      while (nextQuote !== -1 && nextQuote < end) {
        quoted = !quoted;
        nextQuote = chunk.indexOf(quote, nextQuote + 1);
      }
      if (quoted) continue;
      const needed = length + (end - from) + stamp.length + 1 + (chunk.length - end);
      if (needed > out.length) out = Buffer.concat([out.subarray(0, length)], needed * 2);
      length += chunk.copy(out, length, from, end);
      length += stamp.copy(out, length);
      out[length++] = lineFeed;
      from = end + 1;
    }
    while (nextQuote !== -1) {
      quoted = !quoted;
      nextQuote = chunk.indexOf(quote, nextQuote + 1);
    }
    length += chunk.copy(out, length, from);
    return out.subarray(0, length);
  }

  return transform((chunk) => stamped(withoutNul(chunk)));
}

/** PostgreSQL has no text with the character NUL; as in dlt it is left out. */
function withoutNul(chunk: Buffer): Buffer {
  return chunk.includes(0) ? Buffer.from(chunk.filter((byte) => byte !== 0)) : chunk;
}

function transform(change: (chunk: Buffer) => Buffer): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding: string, done: TransformCallback) {
      done(null, change(chunk));
    },
  });
}

/** Whether a cell can stand in a row file without quotes. */
export function isPlainCell(cell: string): boolean {
  return cell !== "" && !/[\t"\r\n\\]/.test(cell);
}
