import { digest128 } from "../../util/hash.ts";
import { codePointLength } from "../../util/python.ts";

/** Bytes of SHAKE-128 in a tag: four, since the tag is lower-cased and must still collide in fewer than 1 of 1,000. */
const tagBytes = 4;
/** What {@link tagBytes} bytes are in base64 without padding, and so the least length that a name can be cut to. */
export const tagLength = 6;

/**
 * Cuts a name to `maxLength` code points and puts a tag into its middle that tells names with the same ends apart
 * (spec dlt-core 1.2). Without a limit, or where the name keeps to it, the name comes back as it is.
 *
 * @param normalized the name to cut
 * @param original what the tag is made from: the name before it was normalized
 */
export function shorten(normalized: string, original: string, maxLength: number | undefined): string {
  if (maxLength === undefined || normalized.length <= maxLength || codePointLength(normalized) <= maxLength) {
    return normalized;
  }
  const points = Array.from(normalized);
  const kept = maxLength - tagLength;
  const tail = Math.floor(kept / 2);
  return points.slice(0, kept - tail).join("") + tagOf(original) + points.slice(points.length - tail).join("");
}

/** Six lower-case letters and digits that stand for a whole name. */
function tagOf(original: string): string {
  return digest128(original, tagBytes).replaceAll("/", "a").replaceAll("+", "b").toLowerCase();
}
