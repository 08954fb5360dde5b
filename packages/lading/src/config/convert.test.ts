import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convert, settingDescriptions, type SettingTypes } from "./convert.ts";
import { createConfig } from "./create-config.ts";
import { environmentProvider } from "./environment-provider.ts";
import { parseToml } from "./parse-toml.ts";
import { floatRepr } from "../util/python.ts";
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
    [true, "True"],
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

const vectors = JSON.parse(readFileSync(new URL("convert.vectors.json", import.meta.url), "utf8")) as {
  readonly texts: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
};

/** As the vectors write it: numbers as Python prints them. */
function asPython(type: keyof SettingTypes, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (type === "float" && typeof value === "number") return Number.isFinite(value) ? floatRepr(value) : special(value);
  return type === "int" && typeof value === "number" ? String(value) : value;
}

const special = (value: number): string => (Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf");

test.each(vectors.texts)("a text is what it is in dlt: %j", (text, dlt) => {
  for (const type of Object.keys(settingDescriptions) as (keyof SettingTypes)[]) {
    if (type === "text" || type === "json") continue;
    const wanted = dlt[type];
    // Integers beyond 2^53 lose digits as numbers.
    const fits = type !== "int" || Number.isSafeInteger(Number(wanted));
    const expected = type === "timestamp" && wanted !== undefined ? utc(wanted as string) : wanted;
    expect([type, asPython(type, convert(text, type))]).toEqual([type, fits ? expected : undefined]);
  }
});

/** A naive text is in UTC; milliseconds. */
function utc(iso: string): string {
  return new Date(/[+-]\d\d:\d\d$/.test(iso) ? iso : `${iso}Z`).toISOString();
}

test("dates of TOML are what they are as texts", async () => {
  const { d, t, local, moment } = await parseToml(
    "d = 2024-01-02\nt = 03:04:05\nlocal = 2024-01-02T03:04:05\nmoment = 2024-01-02T03:04:05+02:00",
  );
  expect([convert(d, "date"), convert(t, "time")]).toEqual(["2024-01-02", "03:04:05"]);
  expect(convert(local, "timestamp")).toEqual(new Date("2024-01-02T03:04:05Z"));
  expect(convert(moment, "timestamp")).toEqual(new Date("2024-01-02T01:04:05Z"));
});

test("a value of the wrong type is an error that names its place, not its value", () => {
  const config = createConfig({ providers: [environmentProvider({ variables: { SOURCES__PAGE_SIZE: "hunter22" } })] });
  expect(() => readSetting(config, "page_size", "int", ["sources", "shop"])).toThrow(
    'The setting "page_size" (SOURCES__PAGE_SIZE in environment) is not a whole number.',
  );
  expect(readSetting(config, "nothing", "int")).toBeUndefined();
});
