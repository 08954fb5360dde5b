import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { postgresDialect } from "./dialect.ts";

/** A NUL as JSON writes it; `jsonb` cannot hold one. Behind another backslash it is none. */
const escape = Buffer.from("\\u0000");

/** Whether it may be that a text of JSON in a row file has a NUL. */
export async function mayHoldNul(path: string, pieceBytes: number): Promise<boolean> {
  let end: Buffer = Buffer.alloc(0);
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    if (piece.includes(escape) || Buffer.concat([end, piece.subarray(0, escape.length)]).includes(escape)) return true;
    end = piece.subarray(-escape.length);
  }
  return false;
}

/** An expression for the JSON in a column of text, without NULs, which texts lose as well (spec dlt-1.31 1.9). */
export function withoutNuls(column: string): string {
  const { quote, literal } = postgresDialect;
  // Pairs of backslashes before it mean backslashes; they stay.
  const pattern = literal(String.raw`(?<!\\)((?:\\\\)*)\\u0000`);
  return `CAST(regexp_replace(${quote(column)}, ${pattern}, ${literal(String.raw`\1`)}, 'g') AS jsonb)`;
}
