import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw } from "node:zlib";
import { LadingError } from "../errors/index.ts";
import { redactUrl } from "./redact.ts";

type Unpack = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const unpackers: Readonly<Record<string, Unpack>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: async (body, options) => {
    // Some servers send the bare stream, others the zlib wrapper that the standard means: its first byte tells.
    const wrapped = body.length > 1 && (body[0]! & 0x0f) === 8 && ((body[0]! << 8) | body[1]!) % 31 === 0;
    return (wrapped ? promisify(inflate) : promisify(inflateRaw))(body, options);
  },
  identity: async (body) => body,
};

/** What is offered to the server. */
export const acceptEncoding = "gzip, deflate, br";

/**
 * A body without its Content-Encoding. The output is bounded while it is made, so that a small body cannot blow up.
 *
 * @throws HTTP_BODY_TOO_LARGE, HTTP_TRUNCATED, HTTP_ENCODING
 */
export async function decodeBody(
  body: Buffer,
  encoding: string,
  options: { readonly url: string; readonly maxBodyBytes: number },
): Promise<Buffer> {
  const codings = encoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "");
  // Nobody packs twice for a good reason, let alone ten times.
  if (codings.length > 2) throw unknownEncoding(encoding, options.url);
  let decoded = body;
  for (const coding of codings.toReversed()) {
    const unpack = Object.hasOwn(unpackers, coding) ? unpackers[coding] : undefined;
    if (unpack === undefined) throw unknownEncoding(coding, options.url);
    if (decoded.length === 0) return decoded;
    try {
      decoded = await unpack(decoded, { maxOutputLength: options.maxBodyBytes });
    } catch (cause) {
      throw decodingError(cause, coding, options);
    }
  }
  return decoded;
}

function decodingError(cause: unknown, coding: string, options: { url: string; maxBodyBytes: number }): LadingError {
  const code = (cause as { readonly code?: unknown }).code;
  const from = redactUrl(options.url);
  if (code === "ERR_BUFFER_TOO_LARGE") {
    return new LadingError(
      "HTTP_BODY_TOO_LARGE",
      `The ${coding} answer of ${from} unpacks to more than ${options.maxBodyBytes} bytes.`,
      { cause, details: { limit: options.maxBodyBytes } },
    );
  }
  const problem = code === "Z_BUF_ERROR" ? "ends too early" : "is damaged";
  return new LadingError("HTTP_TRUNCATED", `The ${coding} answer of ${from} ${problem}.`, { cause });
}

function unknownEncoding(coding: string, url: string): LadingError {
  return new LadingError(
    "HTTP_ENCODING",
    `${redactUrl(url)} answers with the Content-Encoding "${coding.slice(0, 60)}".`,
  );
}
