import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { DecimalValue } from "./values.ts";

interface Vectors {
  readonly decimals: readonly (readonly [text: string, str: string | null, ...plain: (string | null)[]])[];
}

const { decimals } = JSON.parse(readFileSync(new URL("values.vectors.json", import.meta.url), "utf8")) as Vectors;
const columns = [
  [38, 9],
  [10, 2],
  [38, 0],
] as const;

function sameNumber(a: string | undefined, b: string | null | undefined): boolean {
  if (a === undefined || b === null || b === undefined) return a === undefined && b === null;
  return DecimalValue.parse(a)?.equals(DecimalValue.parse(b) ?? DecimalValue.fromInteger(-1n)) === true;
}

describe("DecimalValue", () => {
  it("reads and writes decimals as Python does", () => {
    for (const [text, str] of decimals) {
      expect([text, DecimalValue.parse(text)?.toString() ?? null]).toEqual([text, str]);
    }
  });

  it("rounds half away from zero to the digits of a column, and refuses what has too many", () => {
    for (const [text, , ...plains] of decimals) {
      for (const [index, [precision, scale]] of columns.entries()) {
        const plain = DecimalValue.parse(text)?.toPlain(precision, scale);
        expect([text, precision, plain, sameNumber(plain, plains[index])]).toEqual([text, precision, plain, true]);
        expect(plain ?? "0").toMatch(/^(?:-?(?!0\d)\d+(?:\.\d+)?)$/);
      }
    }
  });

  it("never writes an exponent, a sign of zero or more decimals than there are", () => {
    expect(DecimalValue.parse("1E+3")?.toPlain(38, 9)).toBe("1000");
    expect(DecimalValue.parse("1.50")?.toPlain(38, 9)).toBe("1.50");
    expect(DecimalValue.parse("-0.00")?.toPlain(38, 9)).toBe("0");
    expect(DecimalValue.parse("-1e-30")?.toPlain(38, 9)).toBe("0");
  });

  const anyDecimal = fc
    .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 45n }), fc.integer({ min: -60, max: 60 }))
    .map(([negative, coefficient, exponent]) => new DecimalValue(negative, coefficient, exponent));

  it("comes back from its text, digits and all", () => {
    fc.assert(
      fc.property(anyDecimal, (decimal) => {
        expect(DecimalValue.parse(decimal.toString())).toEqual(decimal);
      }),
    );
  });

  it("is a whole number exactly when its plain digits have nothing behind the point", () => {
    fc.assert(
      fc.property(anyDecimal, (decimal) => {
        const plain = decimal.toPlain(400, 100) ?? "";
        const whole = /^-?\d+(?:\.0*)?$/.test(plain) ? BigInt(plain.replace(/\..*/, "")) : undefined;
        expect(decimal.toInteger(200)).toBe(whole);
      }),
    );
    expect(DecimalValue.parse("1e30")?.toInteger(28)).toBeUndefined();
    expect(DecimalValue.parse("0e99")?.toInteger(28)).toBe(0n);
    expect(DecimalValue.parse("inf")?.toInteger(28)).toBeUndefined();
  });

  it("is equal to the same number in other digits, and NaN to nothing", () => {
    const equal = (a: string, b: string): boolean | undefined =>
      DecimalValue.parse(a)?.equals(DecimalValue.parse(b) ?? DecimalValue.fromInteger(7n));
    expect([equal("1.50", "15e-1"), equal("-0", "0e5"), equal("inf", "Infinity"), equal("1000", "1e3")]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([equal("1", "-1"), equal("1", "10"), equal("nan", "nan"), equal("inf", "-inf"), equal("0", "1")]).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it("gives the nearest double", () => {
    expect(DecimalValue.parse("0.1")?.toNumber()).toBe(0.1);
    expect(DecimalValue.parse("1e400")?.toNumber()).toBe(Number.POSITIVE_INFINITY);
    expect(DecimalValue.parse("-inf")?.toNumber()).toBe(Number.NEGATIVE_INFINITY);
    expect(DecimalValue.parse("nan")?.toNumber()).toBeNaN();
  });
});
