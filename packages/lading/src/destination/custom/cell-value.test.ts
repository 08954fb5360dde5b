import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DataType } from "../../schema/data-type.ts";
import { cellValue } from "./cell-value.ts";

describe("the value of a cell", () => {
  test.each<readonly [DataType, string, unknown]>([
    ["bigint", "42", 42],
    ["bigint", "-9007199254740991", -9_007_199_254_740_991],
    ["bigint", "9007199254740993", 9_007_199_254_740_993n],
    ["double", "1.5", 1.5],
    ["double", "0.0", 0],
    ["double", "1e+21", 1e21],
    ["double", "nan", Number.NaN],
    ["double", "-inf", Number.NEGATIVE_INFINITY],
    ["bool", "false", false],
    ["timestamp", "2024-01-02 03:04:05.000006+00:00", new Date("2024-01-02T03:04:05Z")],
    ["timestamp", "2024-01-02T03:04:05.123+02:00", new Date("2024-01-02T01:04:05.123Z")],
    ["timestamp", "2024-01-02 03:04:05.5", new Date("2024-01-02T03:04:05.500Z")],
    ["date", "2024-01-02", "2024-01-02"],
    ["time", "03:04:00", "03:04:00"],
    ["time", "03:04:05.500000", "03:04:05.5"],
    ["decimal", "12345678901234567890.120000000", "12345678901234567890.120000000"],
    ["wei", "1", "1"],
    ["binary", "\\x00ff", Uint8Array.of(0, 255)],
    ["binary", "\\x", Uint8Array.of()],
    ["json", '{"a":[1,9007199254740993,1.5,null]}', { a: [1, 9_007_199_254_740_993n, 1.5, null] }],
    ["text", "", ""],
  ])("of type %s: %s", (type, text, value) => {
    expect(cellValue(text, type)).toEqual(value);
  });

  test.each<readonly [DataType, string]>([
    ["bigint", "1.5"],
    ["bigint", ""],
    ["double", ""],
    ["double", "one"],
    ["bool", "True"],
    ["timestamp", "yesterday"],
    ["binary", "0"],
    ["json", "{"],
  ])("is none where the text is no %s: %s", (type, text) => {
    expect(cellValue(text, type)).toBeUndefined();
  });

  test("is a double's own, for every double", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(cellValue(String(value), "double")).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  test("is an integer's own, as a number wherever that is safe", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (value) => {
        const read = cellValue(String(value), "bigint");
        expect(BigInt(read as number | bigint)).toBe(value);
        expect(typeof read).toBe(
          Number.isSafeInteger(Number(value)) && BigInt(Number(value)) === value ? "number" : "bigint",
        );
      }),
    );
  });
});
