import type { IncomingMessage } from "node:http";

/** @returns the body of a request as text, or `undefined` where it has more bytes than allowed (the rest is not kept). */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  }
  return bytes <= limit ? Buffer.concat(chunks).toString("utf8") : undefined;
}
