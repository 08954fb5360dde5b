import { losesDigits } from "./loses-digits.ts";
import { parseExact } from "./parse-exact.ts";
import { parseFast } from "./parse-fast.ts";
import { toPlain } from "./plain.ts";

/**
 * Ordinary JavaScript values of a text of JSON: what `JSON.parse` gives, but integers beyond 2^53 as `bigint`.
 *
 * @throws JsonSyntaxError
 */
export function parsePlain(text: string): unknown {
  return losesDigits(text) ? toPlain(parseExact(text)) : parseFast(text);
}
