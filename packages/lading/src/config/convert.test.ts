import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convert } from "./convert.ts";
import { createConfig } from "./create-config.ts";
import { environmentProvider } from "./environment-provider.ts";
import { readSetting } from "./read-setting.ts";

describe("a setting is converted", () => {
  test.each([
    ["yes", true],
    ["TRUE", true],
    ["t", true],
    ["Y", true],
    ["1", true],
    ["no", false],
    ["false", false],
    ["f", false],
    ["n", false],
    ["0", false],
    [" yes", undefined],
    ["on", undefined],
    [2, true],
    [0, false],
    [{}, undefined],
  ])("to bool: %j is %j", (value, expected) => expect(convert(value, "bool")).toBe(expected));

  test.each([
    ["5", 5],
    [" -12 ", -12],
    ["1_000", 1000],
    ["0x10", 16],
    ["9007199254740991", 9_007_199_254_740_991],
    ["9007199254740993", undefined],
    ["1.0", undefined],
    ["1e3", undefined],
    ["", undefined],
    ["_1", undefined],
    [7n, 7],
    [1.5, undefined],
    [true, undefined],
  ])("to int: %s is %s", (value, expected) => expect(convert(value, "int")).toBe(expected));

  test.each([
    ["1.5", 1.5],
    ["1e3", 1000],
    [".5", 0.5],
    ["5.", 5],
    ["1_0.2_5", 10.25],
    ["-inf", -Infinity],
    ["nan", Number.NaN],
    ["1,5", undefined],
    ["", undefined],
    ["e3", undefined],
    [2, 2],
    [null, undefined],
  ])("to float: %s is %s", (value, expected) => expect(convert(value, "float")).toBe(expected));

  test.each([
    ['["a", 1]', ["a", 1]],
    ['{"a": {}}', { a: {} }],
    ["12", undefined],
    ["[", undefined],
    [["a"], ["a"]],
    [5, undefined],
  ])("to json: %j is %j", (value, expected) => expect(convert(value, "json")).toEqual(expected));

  test.each([
    ["a", "a"],
    [5, "5"],
    [2n ** 64n, "18446744073709551616"],
    [true, undefined],
    [1.5, undefined],
  ])("to text: %s is %s", (value, expected) => expect(convert(value, "text")).toBe(expected));

  test("from the text of any number to the same number (law)", () => {
    const whole = fc.property(fc.maxSafeInteger(), (number) => {
      expect(convert(String(number), "int")).toBe(number);
    });
    const any = fc.property(fc.double(), (number) => {
      // Text has no negative zero.
      expect(convert(String(number), "float")).toBe(number + 0);
    });
    fc.assert(whole);
    fc.assert(any, { examples: [[-Infinity], [5e-324]] });
  });
});

test("a value of the wrong type is an error that names its place, not its value", () => {
  const config = createConfig({ providers: [environmentProvider({ variables: { SOURCES__PAGE_SIZE: "hunter22" } })] });
  expect(() => readSetting(config, "page_size", "int", ["sources", "shop"])).toThrow(
    'The setting "page_size" (SOURCES__PAGE_SIZE in environment) is not a whole number.',
  );
  expect(readSetting(config, "nothing", "int")).toBeUndefined();
});
