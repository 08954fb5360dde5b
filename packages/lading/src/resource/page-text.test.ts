import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ExactFloat, type Exact } from "../util/exact.ts";
import { parseExact } from "../util/json.ts";
import { pageFromText, pageToText } from "./page-text.ts";

const again = (value: unknown): unknown => pageFromText(pageToText([value])!).rows[0];

test("values that JSON does not have come back as they were", () => {
  const row = {
    big: 9007199254740993n,
    none: undefined,
    at: new Date(7),
    bytes: Uint8Array.of(1, 2, 255),
    numbers: [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1e21],
    lists: [[], ["date", 0], ["list"], [["undefined"]]],
    lone: "\ud800",
    map: new Map<string, unknown>([["2", { x: [1n] }]]),
  };
  expect(again(row)).toStrictEqual(row);
  expect(Object.keys(again({ b: 1, 10: 2, a: 3 }) as object)).toEqual(["10", "b", "a"]);
  expect(again("text")).toBe("text");
});

test("exact rows come back with their digits and the order of their keys", () => {
  const exact = parseExact('[{"b":1.0,"1":9007199254740993,"a":[1.10,1e400,-0]}]') as Exact[];
  const page = pageFromText(pageToText([{}], exact)!);
  expect(page.exact?.()).toStrictEqual(exact);
  expect([...(page.exact!()[0] as Map<string, Exact>).keys()]).toEqual(["b", "1", "a"]);
  expect((page.exact!()[0] as Map<string, Exact>).get("b")).toEqual(new ExactFloat(1, "1.0"));
});

test("whatever can be data comes back", () => {
  const value = fc.anything({
    withBigInt: true,
    withDate: true,
    withSparseArray: false,
    withTypedArray: false,
    stringUnit: "binary",
  });
  fc.assert(
    fc.property(fc.array(value), (rows) => {
      const text = pageToText(rows);
      if (text !== undefined) expect(pageFromText(text).rows).toStrictEqual(rows);
    }),
    { numRuns: 500 },
  );
});

class Money {
  readonly cents = 1;
}

const loop: Record<string, unknown> = {};
loop["self"] = loop;

test.each([
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["an object of a class", new Money()],
  ["an object without a prototype", Object.create(null)],
  [
    "a getter",
    {
      get now() {
        return 1;
      },
    },
  ],
  ["a field that is not enumerable", Object.defineProperty({}, "hidden", { value: 1 })],
  ["a field with a symbol for its name", { [Symbol("s")]: 1 }],
  ["a hole", Object.assign([1], { length: 2 })],
  ["an array with a field", Object.assign([1], { extra: 1 })],
  ["a date with a field", Object.assign(new Date(0), { extra: 1 })],
  ["an invalid date", new Date(Number.NaN)],
  ["a Buffer", Buffer.from("x")],
  ["a Set", new Set([1])],
  ["a Map with keys that are no texts", new Map([[1, 1]])],
  ["a cycle", loop],
])("%s is not written at all, rather than otherwise", (_what, value) => {
  expect(pageToText([{ deep: [{ value }] }])).toBeUndefined();
});

test("what is very much is not written", () => {
  const text = "x".repeat(8 * 1024 * 1024);
  expect(pageToText(Array.from({ length: 7 }, () => text))).toBeDefined();
  expect(pageToText(Array.from({ length: 9 }, () => text))).toBeUndefined();
});
