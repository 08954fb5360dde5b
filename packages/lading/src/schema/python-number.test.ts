import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { asciiDigits, pythonFloat, pythonHexInteger, pythonInteger } from "./python-number.ts";

describe("numbers as Python reads them", () => {
  it.each([
    ["٣", "3"],
    ["１２", "12"],
    ["\u{1d7d9}\u{1d7ff}", "19"],
    ["a٣b", "a3b"],
    ["ⅳ²½", "ⅳ²½"],
  ])("%s has the digits %s", (text, digits) => {
    expect(asciiDigits(text)).toBe(digits);
  });

  it("are integers with a sign and single underscores between digits", () => {
    expect(["+1_000", "-007", " 5\u2003", "\u001c5\u001f", "٣"].map(pythonInteger)).toEqual([1000n, -7n, 5n, 5n, 3n]);
    for (const text of ["", "_1", "1__0", "1_", "- 5", "1.0", "1e3", "0x10", "\ufeff1", "++1"]) {
      expect([text, pythonInteger(text)]).toEqual([text, undefined]);
    }
  });

  it("have at most 4,300 decimal digits", () => {
    expect(pythonInteger(`-${"9".repeat(4300)}`)).toBe(1n - 10n ** 4300n);
    expect(pythonInteger("9".repeat(4301))).toBeUndefined();
  });

  it("are hexadecimal with or without a prefix", () => {
    expect(["ff", "0xFF", "-1f", "0x_1f", "1_f"].map(pythonHexInteger)).toEqual([255n, 255n, -31n, 31n, 31n]);
    for (const text of ["", "0x", "_1f", "g", "1__f"])
      expect([text, pythonHexInteger(text)]).toEqual([text, undefined]);
  });

  it("are floats, special ones included", () => {
    expect(["1_0.5", ".5", "5.", "1e400", "-INF", "+infinity", "٣.٥", " 1\n"].map(pythonFloat)).toEqual([
      10.5,
      0.5,
      5,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      3.5,
      1,
    ]);
    expect(pythonFloat("-nan")).toBeNaN();
    for (const text of ["", ".", "1e", "1_e5", "1._5", "0x10", "1,5", "infinit", "\u001c1\u001f"]) {
      expect([text, pythonFloat(text)]).toEqual([text, undefined]);
    }
  });

  it("are refused in linear time", () => {
    const long = "1".repeat(300_000);
    for (const text of [`${long}x`, `${long}.${long}x`, `${long}e${long}x`, `${"1_".repeat(100_000)}x`]) {
      expect([pythonFloat(text), pythonInteger(text), pythonHexInteger(text)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  it("agree with JavaScript on its own texts", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(pythonFloat(String(value))).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
  });
});
