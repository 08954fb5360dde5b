import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { asksForEncryption, frameReader, statementIn } from "./postgres-frames.ts";

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(type.length + 4);
  head.write(type, "latin1");
  head.writeInt32BE(4 + body.length, type.length);
  return Buffer.concat([head, body]);
}

const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const encryption = message("", Buffer.from([4, 210, 22, 47]));
const startup = message("", Buffer.concat([Buffer.from([0, 3, 0, 0]), text("user"), text("me"), Buffer.from([0])]));

test("messages are whole however the bytes are cut", () => {
  const sent = [
    encryption,
    startup,
    message("Q", text("SELECT 1")),
    message("d", Buffer.alloc(300, 7)),
    message("c", Buffer.alloc(0)),
  ];
  const bytes = Buffer.concat(sent);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
      const read = frameReader("client");
      const frames = [];
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length]!;
        frames.push(...read(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(frames.map(({ type }) => type)).toEqual(["startup", "startup", "Q", "d", "c"]);
      expect(Buffer.concat(frames.map((frame) => frame.bytes)).equals(bytes)).toBe(true);
    }),
  );
});

test("a server's messages have a letter from the first on", () => {
  expect(frameReader("server")(message("R", Buffer.alloc(4))).map(({ type }) => type)).toEqual(["R"]);
});

test("statements are found in both kinds of queries, and nowhere else", () => {
  const read = frameReader("client");
  const frames = read(
    Buffer.concat([
      encryption,
      startup,
      message("Q", text("SELECT\n  1")),
      message("P", Buffer.concat([text("name"), text("SELECT $1"), Buffer.alloc(2)])),
      message("S", Buffer.alloc(0)),
    ]),
  );
  expect(frames.map(asksForEncryption)).toEqual([true, false, false, false, false]);
  expect(frames.map(statementIn)).toEqual([undefined, undefined, "SELECT 1", "SELECT $1", undefined]);
});
