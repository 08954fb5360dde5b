import { Buffer } from "node:buffer";
import { digest128 } from "../../util/hash.ts";
import { codePointLength } from "../../util/python.ts";

/** What the limit of an engine counts: code points, or bytes of UTF-8. */
export type LengthUnit = "characters" | "bytes";

/** Bytes of SHAKE-128 in a tag: four, since the tag is lower-cased and must still collide in fewer than 1 of 1,000. */
const tagBytes = 4;
/** What {@link tagBytes} bytes are in base64 without padding, and so the least length that a name can be cut to. */
export const tagLength = 6;

/**
 * Cuts a name to `maxLength` and puts a tag into its middle that tells names with the same ends apart (spec dlt-core 1.2).
 * Without a limit, or where the name keeps to it, the name comes back as it is. dlt counts code points for every engine;
 * one that counts bytes would cut longer names by itself, and not find them again.
 *
 * @param normalized the name to cut
 * @param original what the tag is made from: the name before it was normalized
 */
export function shorten(
  normalized: string,
  original: string,
  maxLength: number | undefined,
  unit: LengthUnit = "characters",
): string {
  if (maxLength === undefined || lengthOf(normalized, unit) <= maxLength) return normalized;
  const points = Array.from(normalized);
  const kept = maxLength - tagLength;
  const tail = Math.floor(kept / 2);
  return start(points, kept - tail, unit) + tagOf(original) + start(points.toReversed(), tail, unit, true);
}

function lengthOf(name: string, unit: LengthUnit): number {
  return unit === "bytes" ? Buffer.byteLength(name) : codePointLength(name);
}

/** As many of the points as there is room for, from the first on. */
function start(points: readonly string[], room: number, unit: LengthUnit, isReversed = false): string {
  const taken: string[] = [];
  let left = room;
  for (const point of points) {
    left -= unit === "bytes" ? Buffer.byteLength(point) : 1;
    if (left < 0) break;
    taken.push(point);
  }
  return (isReversed ? taken.toReversed() : taken).join("");
}

/** Six lower-case letters and digits that stand for a whole name. */
function tagOf(original: string): string {
  return digest128(original, tagBytes).replaceAll("/", "a").replaceAll("+", "b").toLowerCase();
}
