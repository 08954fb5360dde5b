import { createHash } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";

/** A stored text is never near this; a hostile one must not take all memory. */
const MAX_INFLATED_BYTES = 512 * 1024 * 1024;

/**
 * SHAKE-128 of the UTF-8 bytes of a text, `bytes` long (default 15), as standard base64 without padding: 15 bytes are
 * 20 characters, 10 are 14, 9 are 12 (spec dlt-core 0.1).
 */
export function digest128(text: string | Uint8Array, bytes = 15): string {
  const digest = createHash("shake128", { outputLength: bytes }).update(text).digest("base64");
  const padding = digest.indexOf("=");
  return padding === -1 ? digest : digest.slice(0, padding);
}

/** SHA3-256 of the chunks one after the other, as standard base64 with its padding, 44 characters (spec dlt-core 0.1). */
export function sha3Base64(...chunks: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha3-256");
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest("base64");
}

/**
 * A text as a zlib stream (level 9) in standard base64 with padding: the form of a stored state (spec dlt-core 0.1).
 * The bytes may differ from Python's, which is allowed: nothing hashes them.
 */
export function compress(text: string): string {
  return deflateSync(text, { level: 9 }).toString("base64");
}

/**
 * The text that {@link compress}, or Python, made this from.
 *
 * @throws RangeError if it is not strict base64, not a zlib stream, or not UTF-8 inside
 */
export function decompress(text: string): string {
  if (!isBase64(text)) throw new RangeError("Not a compressed text: characters or a length that base64 does not have");
  try {
    const bytes = inflateSync(Buffer.from(text, "base64"), { maxOutputLength: MAX_INFLATED_BYTES });
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new RangeError("Not a compressed text: no zlib stream of UTF-8 in the base64", { cause });
  }
}

function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const end = text.endsWith("==") ? text.length - 2 : text.endsWith("=") ? text.length - 1 : text.length;
  return !/[^A-Za-z0-9+/]/.test(text.slice(0, end));
}
