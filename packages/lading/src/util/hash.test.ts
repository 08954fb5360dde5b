import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { compress, decompress, digest128, sha3Base64 } from "./hash.ts";

describe("digest128", () => {
  it("gives dlt's digest of a text", () => {
    expect(digest128("abc")).toBe("WIEJLdgYv1z4o923k/vL");
    expect(digest128(Buffer.from("abc"))).toBe("WIEJLdgYv1z4o923k/vL");
  });

  it("gives dlt's row, key and cursor hashes in their lengths", () => {
    expect(digest128('{"a":"x","b":1}', 10)).toBe("t8htE3Gr5XylGw");
    expect(digest128('{"id":1}', 10)).toBe("z5jIxXIbUnmbKw");
    expect(digest128('{"id":1,"ts":1704164645000678}', 9)).toBe("7n8uUPvFrqZp");
    expect(digest128("[1]", 9)).toBe("Lj3E34tIJ/Zx");
    expect(digest128("1", 9)).toBe("669czW83KR00");
    expect(digest128('"a"', 9)).toBe("HXVczKyPrzLo");
    expect(digest128('{"a":null,"b":1.0}', 9)).toBe("bQayWMVGxKdO");
  });

  it("hashes UTF-8", () => {
    expect(digest128("Björk 🎈")).toBe(digest128(Buffer.from("Björk 🎈")));
  });

  it("begins alike at every length", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 64 }), (text, bytes) => {
        const long = Buffer.from(digest128(text, 64), "base64");
        const short = Buffer.from(digest128(text, bytes), "base64");
        expect(long.subarray(0, bytes).equals(short)).toBe(true);
        expect(digest128(text, bytes)).not.toContain("=");
      }),
    );
  });
});

describe("sha3Base64", () => {
  it("is SHA3-256 of the chunks joined, with padding", () => {
    expect(sha3Base64("")).toBe(createHash("sha3-256").digest("base64"));
    expect(sha3Base64("a", Buffer.from("b"), "ä")).toBe(createHash("sha3-256").update("abä").digest("base64"));
    expect(sha3Base64("x")).toHaveLength(44);
  });
});

describe("compress and decompress", () => {
  it("give back the text, a byte order mark included", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decompress(compress(text))).toBe(text);
      }),
    );
    expect(decompress(compress("\ufeff{}"))).toBe("\ufeff{}");
  });

  it("write a zlib stream of the highest level", () => {
    expect(Buffer.from(compress("abc"), "base64").subarray(0, 2).toString("hex")).toBe("78da");
  });

  it("read what Python wrote", () => {
    expect(decompress("eNqrVipJLS5RslIwrAUAFpIDiA==")).toBe('{"test": 1}');
  });

  it("refuse what is not base64 by the letter", () => {
    const good = compress("some text");
    for (const bad of [`${good}\n`, good.slice(0, -1), `-${good.slice(1)}`, `${good.slice(0, -4)}=aaa`, "a===", " "]) {
      expect(() => decompress(bad)).toThrow(RangeError);
    }
  });

  it("refuse what is no zlib stream, or no UTF-8", () => {
    expect(() => decompress(Buffer.from("plain text").toString("base64"))).toThrow(RangeError);
    expect(() => decompress("")).toThrow(RangeError);
    expect(() => decompress(deflateSync(Buffer.of(0xff, 0xfe)).toString("base64"))).toThrow(RangeError);
  });
});
