import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ExactFloat } from "./exact.ts";
import { fromPlain, parseExact, toPlain } from "./json.ts";

describe("toPlain", () => {
  it("gives numbers where they are safe, else bigints", () => {
    expect(toPlain(parseExact("[1, 1.0, 9007199254740991, 9007199254740993, 0.5]"))).toEqual([
      1,
      1,
      9007199254740991,
      9007199254740993n,
      0.5,
    ]);
  });

  it("gives a key __proto__ as an own property, and no one else a prototype", () => {
    const plain = toPlain(parseExact('{"__proto__":{"admin":true}}')) as Record<string, unknown>;
    expect(Object.keys(plain)).toEqual(["__proto__"]);
    expect(plain["admin"]).toBeUndefined();
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
  });

  it("leaves dates and bytes as they are", () => {
    const date = new Date(0);
    const bytes = Uint8Array.of(1);
    expect(toPlain([date, bytes])).toEqual([date, bytes]);
  });
});

describe("fromPlain", () => {
  it("makes integers of safe integral numbers, floats of all others", () => {
    expect(fromPlain([1, -0, 2 ** 53, 0.5, 10n, 1e21])).toEqual([
      1n,
      0n,
      new ExactFloat(2 ** 53, "9007199254740992.0"),
      new ExactFloat(0.5, "0.5"),
      10n,
      new ExactFloat(1e21, "1e+21"),
    ]);
    expect((fromPlain(Number.NaN) as ExactFloat).value).toBeNaN();
    expect(fromPlain(Number.NEGATIVE_INFINITY)).toMatchObject({ value: Number.NEGATIVE_INFINITY });
  });

  it("drops undefined in objects and makes null of it in arrays", () => {
    expect(fromPlain({ a: undefined, b: [undefined, 1] })).toEqual(new Map([["b", [null, 1n]]]));
  });

  it("makes null of the holes of an array", () => {
    const holes = [1];
    holes.length = 3;
    expect(fromPlain(holes)).toEqual([1n, null, null]);
  });

  it("takes Maps, with keys that are not text written as dlt writes them", () => {
    const map = new Map<unknown, unknown>([
      [1, "a"],
      [null, "b"],
      [true, undefined],
    ]);
    expect(fromPlain(map)).toEqual(
      new Map([
        ["1", "a"],
        ["null", "b"],
      ]),
    );
    expect(() => fromPlain(new Map([[{}, 1]]))).toThrow(TypeError);
  });

  it("keeps dates and bytes, Buffers too, in spite of their toJSON", () => {
    const date = new Date(0);
    const bytes = Buffer.from("x");
    expect(fromPlain({ date, bytes })).toEqual(
      new Map<string, unknown>([
        ["date", date],
        ["bytes", bytes],
      ]),
    );
  });

  it("uses toJSON where it is a function, and takes it for a field where it is not", () => {
    expect(fromPlain(new URL("https://example.com/"))).toBe("https://example.com/");
    expect(fromPlain({ toJSON: "no function" })).toEqual(new Map([["toJSON", "no function"]]));
  });

  it("takes the fields of a class's object", () => {
    class Point {
      x = 1;
      readonly #hidden = 2;
      sum(): number {
        return this.x + this.#hidden;
      }
    }
    expect(fromPlain(new Point())).toEqual(new Map([["x", 1n]]));
  });

  it("keeps an own key __proto__", () => {
    expect(fromPlain(JSON.parse('{"__proto__":1}'))).toEqual(new Map([["__proto__", 1n]]));
  });

  it("names the path of what is not data", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = { again: [cycle] };
    expect(() => fromPlain(cycle)).toThrow(new TypeError("value.self.again[0] contains itself"));
    expect(() => fromPlain({ a: [{ b: () => 1 }] }, "row")).toThrow(
      new TypeError("row.a[0].b is a function, which is not data"),
    );
    expect(() => fromPlain({ a: Symbol("s") })).toThrow(new TypeError("value.a is a symbol, which is not data"));
    expect(() => fromPlain({ a: new Date("x") })).toThrow(new TypeError("value.a is an invalid date"));
    for (const value of [new Set(), Promise.resolve(), /x/, new Error("x"), Object(1), new Float32Array(1)]) {
      expect(() => fromPlain(value)).toThrow(TypeError);
    }
    expect(() => fromPlain(undefined)).toThrow(TypeError);
  });

  it("takes the same object at two places, which is no cycle", () => {
    const shared = { x: 1 };
    expect(fromPlain([shared, shared])).toEqual([new Map([["x", 1n]]), new Map([["x", 1n]])]);
  });

  it("refuses what is endlessly deep", () => {
    const endless = {
      toJSON: (): unknown => ({ ...endless }),
    };
    expect(() => fromPlain(endless)).toThrow(TypeError);
  });

  it("is undone by toPlain for all that JSON can hold", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        expect(JSON.stringify(toPlain(fromPlain(value)))).toBe(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });
});
