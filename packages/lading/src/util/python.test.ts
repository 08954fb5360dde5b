import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { codePointLength, compareCodePoints, floatRepr, orjsonFloat, stripPython } from "./python.ts";

const FLOATS: readonly (readonly [value: number, repr: string, orjson: string])[] = [
  [0, "0.0", "0.0"],
  [-0, "-0.0", "-0.0"],
  [1, "1.0", "1.0"],
  [-1.5, "-1.5", "-1.5"],
  [0.1, "0.1", "0.1"],
  [0.30000000000000004, "0.30000000000000004", "0.30000000000000004"],
  [1e15, "1000000000000000.0", "1000000000000000.0"],
  [9999999999999998, "9999999999999998.0", "9999999999999998.0"],
  [1e16, "1e+16", "1e+16"],
  [1.2345678901234568e16, "1.2345678901234568e+16", "1.2345678901234568e+16"],
  [1e21, "1e+21", "1e+21"],
  [1e100, "1e+100", "1e+100"],
  [0.001, "0.001", "0.001"],
  [0.0001, "0.0001", "0.0001"],
  [0.00015, "0.00015", "0.00015"],
  [1e-5, "1e-05", "0.00001"],
  [-1.5e-5, "-1.5e-05", "-0.000015"],
  [9.999e-6, "9.999e-06", "9.999e-6"],
  [1e-6, "1e-06", "1e-6"],
  [1e-7, "1e-07", "1e-7"],
  [1.5e-100, "1.5e-100", "1.5e-100"],
  [5e-324, "5e-324", "5e-324"],
  [1.7976931348623157e308, "1.7976931348623157e+308", "1.7976931348623157e+308"],
  [Number.NaN, "nan", "null"],
  [Number.POSITIVE_INFINITY, "inf", "null"],
  [Number.NEGATIVE_INFINITY, "-inf", "null"],
];

describe("floatRepr and orjsonFloat", () => {
  it.each(FLOATS)("print %d as Python and orjson do", (value, repr, orjson) => {
    expect(floatRepr(value)).toBe(repr);
    expect(orjsonFloat(value)).toBe(orjson);
  });

  it("print texts that mean the same double and are not taken for integers", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const text of [floatRepr(value), orjsonFloat(value)]) {
          expect(Object.is(Number(text), value)).toBe(true);
          expect(text).toMatch(/[.e]/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("stripPython", () => {
  it("removes what Python takes for white space, and nothing else", () => {
    expect(stripPython("\u001c\u0085 \u3000\t a b \u2028\u001f\v")).toBe("a b");
    expect(stripPython("\ufeffa\u200b")).toBe("\ufeffa\u200b");
    expect(stripPython(" \t ")).toBe("");
    expect(stripPython("")).toBe("");
  });

  it("knows all 29 of Python's characters", () => {
    const spaces = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(
      (character) => stripPython(character) === "",
    );
    expect(spaces).toHaveLength(29);
  });

  it("is done at once with long runs of spaces", () => {
    const inside = `a${" ".repeat(200_000)}b`;
    expect(stripPython(` ${inside} `)).toBe(inside);
  });
});

describe("compareCodePoints", () => {
  it("puts characters beyond U+FFFF behind those of U+E000 to U+FFFF, unlike JavaScript", () => {
    expect(compareCodePoints("\u{1f388}", "\uf026")).toBeGreaterThan(0);
    expect(["\u{1f388}", "\uf026"].toSorted()).toEqual(["\u{1f388}", "\uf026"]);
  });

  it("is the order of the UTF-8 bytes", () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom("a", "\ue000", "\uffff", "\u{10000}", "\u{1f388}"),
        fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("codePointLength", () => {
  it("counts as Python's len, lone surrogates one each", () => {
    expect(codePointLength("a🎈b")).toBe(3);
    expect(codePointLength("\ud83c\ud83c\udf88\udf88")).toBe(3);
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => codePointLength(text) === Array.from(text).length));
  });
});
