import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ExactFloat, type Exact } from "./exact.ts";
import { fromPlain, parseExact, reconcile, toPlain } from "./json.ts";
import { stringify } from "./json-text.ts";

/** Runs a user's function over a row given as text, and writes what comes of it. */
function after(text: string, change: (row: never) => unknown): string {
  const exact = parseExact(text);
  return stringify(reconcile(change(toPlain(exact) as never), exact));
}

describe("reconcile", () => {
  it("gives back the exact row where nothing was changed", () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: "binary" }), fc.bigInt(), (json, integer) => {
        const exact = parseExact(`{"b":1.0,"10":${integer},"9":12.345678901234567891,"json":${json}}`);
        expect(reconcile(toPlain(exact), exact)).toEqual(exact);
        expect([...(reconcile(toPlain(exact), exact) as Map<string, Exact>).keys()]).toEqual(["b", "10", "9", "json"]);
      }),
    );
  });

  it("keeps the digits that a function did not touch", () => {
    const exact = parseExact('{"price":12.345678901234567891,"count":1.0,"id":9007199254740993,"name":"a"}');
    const row = reconcile({ ...(toPlain(exact) as object), name: "b", twice: 2 }, exact) as Map<string, Exact>;
    expect(row.get("price")).toEqual(new ExactFloat(12.345678901234567, "12.345678901234567891"));
    expect([...row.values()].slice(1)).toEqual([new ExactFloat(1, "1.0"), 9007199254740993n, "b", 2n]);
  });

  it("takes a changed value as the function gave it", () => {
    expect(after('{"a":1.0,"b":2.0}', (row: Record<string, unknown>) => ((row["a"] = 3), row))).toBe('{"a":3,"b":2.0}');
    expect(after('{"a":1}', (row: Record<string, unknown>) => ((row["a"] = "1"), row))).toBe('{"a":"1"}');
    expect(after('{"a":null}', (row: Record<string, unknown>) => ((row["a"] = false), row))).toBe('{"a":false}');
    expect(after('{"a":1.0}', (row: Record<string, unknown>) => ((row["a"] = 1n), row))).toBe('{"a":1}');
  });

  it("drops what was removed, and has the keys in the order of the function", () => {
    interface Row {
      readonly b: { readonly d: number };
    }
    expect(after('{"a":1.0,"b":{"c":1.0,"d":2}}', ({ b, ...row }: Row) => ({ z: 0, b: { d: b.d }, ...row }))).toBe(
      '{"z":0,"b":{"d":2},"a":1.0}',
    );
    expect(after('{"a":1.0,"b":2}', (row: Record<string, unknown>) => ({ ...row, b: undefined }))).toBe('{"a":1.0}');
  });

  it("has numeric keys where the document has them, and new keys behind", () => {
    expect(
      after('{"b":1.0,"10":2,"9":3}', (row: Record<string, unknown>) => ({ ...row, 7: 1, a: 5, 9: undefined })),
    ).toBe('{"b":1.0,"10":2,"7":1,"a":5}');
  });

  it("finds the elements of a filtered array again", () => {
    interface Row {
      readonly a: readonly { readonly x: number }[];
    }
    const even = (row: Row): Row => ({ a: row.a.filter(({ x }) => x % 2 === 0) });
    expect(after('{"a":[{"x":1.0},{"x":2.0},{"x":3.0},{"x":4.0}]}', even)).toBe('{"a":[{"x":2.0},{"x":4.0}]}');
    expect(after("[1.0,2.0,3.0]", (list: number[]) => [0, ...list])).toBe("[0,1.0,2.0,3.0]");
    expect(after("[1.0,2.0]", (list: number[]) => list.map((n) => n * 2))).toBe("[2,4]");
  });

  it("finds the elements of every filtered array again, to the digit", () => {
    const element = fc.bigInt({ min: 0n, max: 2n ** 60n }).map((n) => `{"n":${n}.0,"id":${n}}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(element, fc.boolean())), (items) => {
        const kept = items.filter(([, keep]) => keep).map(([text]) => text);
        const text = `[${items.map(([item]) => item).join()}]`;
        const exact = parseExact(text);
        const filtered = (toPlain(exact) as unknown[]).filter((_, i) => items[i]?.[1]);
        expect(stringify(reconcile(filtered, exact))).toBe(stringify(parseExact(`[${kept.join()}]`)));
      }),
    );
  });

  it("is not slow with a long array that was changed throughout", () => {
    const text = `[${Array.from({ length: 20_000 }, (_, i) => `${i}.5`).join()}]`;
    expect(after(text, (list: number[]) => list.slice(1).map((n) => n + 0.25)).length).toBeGreaterThan(100_000);
  });

  it("knows dates and bytes by their content", () => {
    const exact = new Map<string, Exact>([
      ["at", new Date(5)],
      ["bytes", Uint8Array.of(1, 2)],
    ]);
    const row = reconcile({ at: new Date(5), bytes: Uint8Array.of(1, 2) }, exact) as Map<string, Exact>;
    expect(row.get("at")).toBe(exact.get("at"));
    expect(row.get("bytes")).toBe(exact.get("bytes"));
    expect(reconcile({ at: new Date(6) }, exact)).toEqual(new Map([["at", new Date(6)]]));
  });

  it("takes anything else as fromPlain does, and names the path of what is not data", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (plain, other) => {
        const exact = fromPlain(other);
        expect(toPlain(reconcile(plain, exact))).toEqual(toPlain(fromPlain(plain)));
      }),
    );
    expect(() => after('{"a":[1]}', (row: { a: unknown[] }) => ((row.a[0] = () => 1), row))).toThrow(
      "value.a[0] is a function",
    );
    expect(() => after('{"a":{}}', (row: Record<string, unknown>) => ((row["a"] = row), row))).toThrow(
      "contains itself",
    );
  });
});
