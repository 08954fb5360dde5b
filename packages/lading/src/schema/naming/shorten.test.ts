import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shorten } from "./shorten.ts";

const anyName = fc.string({ unit: "grapheme", maxLength: 90 });
const limit = fc.integer({ min: 6, max: 80 });

describe("a name that an engine counts in bytes", () => {
  test("has no more of them than it may, and is one that was cut where it had more", () => {
    fc.assert(
      fc.property(anyName, limit, (name, max) => {
        const short = shorten(name, name, max, "bytes");
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(max);
        expect(short === name).toBe(Buffer.byteLength(name) <= max);
        expect(shorten(short, short, max, "bytes")).toBe(short);
      }),
    );
  });

  test("of ASCII is the one that dlt makes, which counts characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii", maxLength: 90 }), limit, (name, max) => {
        expect(shorten(name, name, max, "bytes")).toBe(shorten(name, name, max));
      }),
    );
  });

  test("keeps both its ends, and is told from another one with the same ends", () => {
    const [one, other] = ["ß", "ü"].map((middle) => `${"é".repeat(30)}${middle}${"é".repeat(30)}`);
    const [short, otherShort] = [one!, other!].map((name) => shorten(name, name, 63, "bytes"));
    expect(short).toMatch(/^é{14}[a-z\d]{6}é{14}$/);
    expect(otherShort).not.toBe(short);
  });
});
