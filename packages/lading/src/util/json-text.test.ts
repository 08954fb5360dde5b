import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ExactFloat, type Exact } from "./exact.ts";
import { fromPlain, MAX_JSON_DEPTH, parseExact, reconcile, toPlain } from "./json.ts";
import { isoUtc, markTyped, stringify, typedParse, typedStringify, typedText } from "./json-text.ts";
import { compareCodePoints } from "./python.ts";

const { exact } = fc.letrec<{ exact: Exact }>((tie) => ({
  exact: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: fc.constantFrom("\uf026", "\uf027", "\uf02b", "2", "A", "=", "\u0001", "\u007f", "\\", '"') }),
    fc.bigInt(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => new ExactFloat(value)),
    fc.array(tie("exact")),
    fc.array(fc.tuple(fc.string({ unit: "grapheme" }), tie("exact"))).map((entries) => new Map(entries)),
  ),
}));

describe("stringify", () => {
  it("writes the text that dlt hashes", () => {
    const row = parseExact(
      '{"D":"\uf0282024-01-02", "c": 1.0, "b":"\uf0261.50", "a":"\uf0272024-01-02T00:00:00+00:00"}',
    );
    expect(stringify(row, { sortKeys: true })).toBe(
      '{"D":"\uf0282024-01-02","a":"\uf0272024-01-02T00:00:00+00:00","b":"\uf0261.50","c":1.0}',
    );
  });

  it("gives back a compact text with canonical numbers", () => {
    fc.assert(
      fc.property(exact, (value) => {
        const text = stringify(value);
        expect(stringify(parseExact(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("writes plain data as it would write it after fromPlain", () => {
    const leaf = fc.oneof(
      fc.jsonValue(),
      fc.double(),
      fc.bigInt(),
      fc.constant(undefined),
      fc.date({ noInvalidDate: true }),
      fc.uint8Array(),
    );
    const data = fc.oneof(
      fc.object({ values: [leaf], withNullPrototype: true }),
      fc.array(fc.tuple(fc.string(), leaf)).map((entries) => new Map(entries)),
    );
    fc.assert(
      fc.property(data, fc.boolean(), (value, sortKeys) => {
        expect(stringify(value, { sortKeys })).toBe(stringify(fromPlain(value), { sortKeys }));
      }),
    );
  });

  it("writes what JSON.stringify writes, but for floats and lone surrogates", () => {
    const data = fc
      .jsonValue({ noUnicodeString: false, stringUnit: "grapheme" } as object)
      .filter((v) => !/\d[.eE]|\d{16}|-0/.test(JSON.stringify(v)));
    fc.assert(fc.property(data, (value) => stringify(value as Exact) === JSON.stringify(value)));
  });

  it("writes keys of Maps that are not text as text", () => {
    const map = new Map<unknown, unknown>([
      [1, 1],
      [-0, 2],
      [1.5, 3],
      [true, 4],
      [null, 5],
      [9007199254740993n, 6],
    ]);
    expect(stringify(map)).toBe('{"1":1,"0":2,"1.5":3,"true":4,"null":5,"9007199254740993":6}');
    expect(() => stringify(new Map([[Symbol("s"), 1]]))).toThrow(TypeError);
  });

  it("sorts the keys of every object by code point", () => {
    expect(
      stringify({ "\u{1f388}": 1, "\uf026": 2, b: { d: 1, c: [{ f: 1, e: 2 }] }, 10: 3, 9: 4 }, { sortKeys: true }),
    ).toBe('{"10":3,"9":4,"b":{"c":[{"e":2,"f":1}],"d":1},"\uf026":2,"\u{1f388}":1}');
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.nat()), (value) => {
        const keys = [...(parseExact(stringify(value, { sortKeys: true })) as Map<string, Exact>).keys()];
        expect(keys).toEqual(keys.toSorted(compareCodePoints));
      }),
    );
  });

  it("writes numbers as Python has them: integers bare, floats with a dot or an exponent", () => {
    expect(stringify([1, -0, 1n, new ExactFloat(1), new ExactFloat(-0), 1.5, 1e16, 2 ** 53, 1e-6])).toBe(
      "[1,0,1,1.0,-0.0,1.5,1e+16,9007199254740992.0,1e-6]",
    );
    expect(stringify([Number.NaN, new ExactFloat(Number.POSITIVE_INFINITY, "1e400")])).toBe("[null,null]");
    expect(stringify(-(10n ** 30n))).toBe("-1000000000000000000000000000000");
  });

  it("writes dates, bytes, and what has a toJSON", () => {
    expect(stringify([new Date(1704164645000), new Date(1704164645678), Uint8Array.of(0xfb, 0xff, 1)])).toBe(
      '["2024-01-02T03:04:05+00:00","2024-01-02T03:04:05.678000+00:00","+/8B"]',
    );
    expect(stringify({ at: new URL("https://example.com/") })).toBe('{"at":"https://example.com/"}');
  });

  it("escapes as orjson does, leaves other characters alone, and replaces lone surrogates", () => {
    expect(stringify('\u0000\b\u001b\u007f\u2028\u0085/"\\\t\n\f\r ä🎈')).toBe(
      '"\\u0000\\b\\u001b\u007f\u2028\u0085/\\"\\\\\\t\\n\\f\\r ä🎈"',
    );
    expect(stringify("a\ud800b\\ud800🎈")).toBe('"a\ufffdb\\\\ud800🎈"');
    expect(stringify({ "\udc00": 1 })).toBe('{"\ufffd":1}');
  });

  it("leaves undefined fields out, the first one too", () => {
    expect(stringify({ a: undefined, b: 1, c: undefined, d: [undefined] })).toBe('{"b":1,"d":[null]}');
    expect(stringify({ a: undefined })).toBe("{}");
  });

  it("takes what the parser takes at its deepest, and refuses more", () => {
    const text = `${'[{"a":'.repeat(MAX_JSON_DEPTH / 2)}1.0${"}]".repeat(MAX_JSON_DEPTH / 2)}`;
    const deepest = parseExact(text);
    const plain = toPlain(deepest);
    expect(stringify(deepest)).toBe(text);
    expect(stringify(reconcile(plain, deepest))).toBe(text);
    expect(stringify(fromPlain(plain))).toBe(text.replace("1.0", "1"));
    expect(typedStringify(typedParse(text))).toBe(text);
    expect(() => stringify([deepest])).toThrow(TypeError);
    expect(() => fromPlain([plain])).toThrow(TypeError);
  });

  it("refuses what is not data", () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    for (const value of [cycle, [() => 1], { a: Symbol("s") }, [new Date("x")], new Set([1]), undefined]) {
      expect(() => stringify(value)).toThrow(TypeError);
    }
  });
});

describe("typedStringify and typedParse", () => {
  it("mark dates and bytes, and read them again", () => {
    const value = new Map<string, Exact>([
      ["at", new Date(1704164645678)],
      ["bytes", Uint8Array.of(1, 2, 3)],
      ["n", 1n],
    ]);
    const text = '{"at":"\uf0272024-01-02T03:04:05.678000+00:00","bytes":"\uf02bAQID","n":1}';
    expect(typedStringify(value)).toBe(text);
    expect(typedParse(text)).toEqual(value);
  });

  it("leave a marked text alone where a Date would lose something", () => {
    const texts = [
      "\uf0272024-01-02T03:04:05.000678+00:00",
      "\uf0272024-01-02T03:04:05+02:00",
      "\uf0272024-01-02T03:04:05",
    ];
    texts.push("\uf0261.50", "\uf0282024-01-02", "\uf027", "\uf027nonsense", "\uf02b?", "\uf02d03:04:05");
    expect(texts.map((text) => typedParse(JSON.stringify(text)))).toEqual(texts);
  });

  it("give back every compact text with canonical numbers", () => {
    fc.assert(
      fc.property(exact, (value) => {
        const text = typedStringify(value);
        expect(typedStringify(typedParse(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("give back every date of Python's years", () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") }),
        (date) => {
          expect(typedParse(typedStringify([date]))).toEqual([date]);
        },
      ),
    );
  });
});

describe("typedText", () => {
  it("takes a marked text apart, and markTyped puts it together", () => {
    expect(typedText("\uf0261.50")).toEqual({ kind: "decimal", text: "1.50" });
    expect(typedText("\uf02d03:04")).toEqual({ kind: "time", text: "03:04" });
    for (const text of ["", "\uf026", "1.50", "\uf0251", "\uf02e1"]) expect(typedText(text)).toBeUndefined();
    expect(markTyped("date", "2024-01-02")).toBe("\uf0282024-01-02");
  });
});

describe("isoUtc", () => {
  it("prints a time of UTC as Python's isoformat", () => {
    expect(isoUtc(new Date(0))).toBe("1970-01-01T00:00:00+00:00");
    expect(isoUtc(new Date(1))).toBe("1970-01-01T00:00:00.001000+00:00");
  });
});
