import { Buffer } from "node:buffer";

/** A message of PostgreSQL's protocol, whole. */
export interface Frame {
  /** The letter of its kind; `startup` for the first messages of a client, which have none. */
  readonly type: string;
  /** As it came over the line. */
  readonly bytes: Buffer;
}

/** What a client may send before it says who it is: it asks for encryption, and gets an answer of one byte. */
const encryptionRequests = new Set([80_877_103, 80_877_104]);

/**
 * Takes bytes apart into messages, however they are cut.
 *
 * @param side who sends them
 * @returns takes what has come, and gives the messages that are whole
 */
export function frameReader(side: "client" | "server"): (chunk: Buffer) => readonly Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  let isStartup = side === "client";
  return (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    let at = 0;
    for (;;) {
      const letters = isStartup ? 0 : 1;
      if (bytes.length < at + letters + 4) break;
      const end = at + letters + bytes.readInt32BE(at + letters);
      if (bytes.length < end) break;
      const type = isStartup ? "startup" : String.fromCharCode(bytes[at]!);
      const frame: Frame = { type, bytes: bytes.subarray(at, end) };
      if (isStartup && !asksForEncryption(frame)) isStartup = false;
      frames.push(frame);
      at = end;
    }
    rest = bytes.subarray(at);
    return frames;
  };
}

/** Whether a client wants to know if the server encrypts. */
export function asksForEncryption({ type, bytes }: Frame): boolean {
  return type === "startup" && bytes.length === 8 && encryptionRequests.has(bytes.readInt32BE(4));
}

/** The statement in a message of a client, on one line; `undefined` where it has none. */
export function statementIn({ type, bytes }: Frame): string | undefined {
  if (type !== "Q" && type !== "P") return undefined;
  const from = type === "Q" ? 5 : bytes.indexOf(0, 5) + 1;
  const text = bytes.toString("utf8", from, bytes.indexOf(0, from));
  return text.replaceAll(/\s+/g, " ").slice(0, 120);
}
