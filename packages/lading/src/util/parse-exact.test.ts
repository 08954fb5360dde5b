import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ExactFloat, type Exact } from "./exact.ts";
import { JsonSyntaxError, losesDigits, MAX_JSON_DEPTH, parseExact, parseFast, toPlain } from "./json.ts";

function refusal(text: string): JsonSyntaxError {
  const error = thrown(parseExact, text);
  if (error instanceof JsonSyntaxError) return error;
  throw new Error("No syntax error came of it", { cause: error });
}

/** What a parser throws for a text, or nothing. */
function thrown(parse: (text: string) => unknown, text: string): unknown {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Numbers as documents hold them, with digits to lose. */
const numberText = fc.oneof(
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/),
);

/** Texts that look like JSON and mostly are not. */
const nearJson = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...Array.from('{}[]",:0123456789.eE+-truefalsn \\\n\u0000\ufeff')),
    maxLength: 12,
  }),
  fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "]", "}", '"', "\\", "0", " ", "\n", "-", "e", "."))
    .map(
      ([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
    ),
);

describe("parseExact", () => {
  it("keeps every digit, and the difference between 1 and 1.0", () => {
    const exact = parseExact(
      "[1, -0, 9007199254740993, 123456789012345678901234567890, 1.0, 12.345678901234567, 1E5, 1e400]",
    );
    expect(exact).toEqual([
      1n,
      0n,
      9007199254740993n,
      123456789012345678901234567890n,
      new ExactFloat(1, "1.0"),
      new ExactFloat(12.345678901234567, "12.345678901234567"),
      new ExactFloat(100000, "1E5"),
      new ExactFloat(Number.POSITIVE_INFINITY, "1e400"),
    ]);
  });

  it("keeps the order of keys, numeric ones too", () => {
    const exact = parseExact('{"b":1,"10":2,"2":3,"a":4}') as Map<string, Exact>;
    expect([...exact.keys()]).toEqual(["b", "10", "2", "a"]);
  });

  it("takes the last value of a key that comes twice, at the first one's place", () => {
    const exact = parseExact('{"a":1,"b":2,"\\u0061":3}') as Map<string, Exact>;
    expect([...exact]).toEqual([
      ["a", 3n],
      ["b", 2n],
    ]);
  });

  it("tells keys apart that fall into one slot of its cache", () => {
    const keys = Array.from({ length: 5000 }, (_, i) => `k${i}`);
    const text = JSON.stringify([1, 2].map(() => Object.fromEntries(keys.map((key) => [key, key]))));
    for (const row of parseExact(text) as Map<string, Exact>[]) {
      expect([...row.keys()]).toEqual(keys);
      for (const [key, value] of row) expect(value).toBe(key);
    }
  });

  it("reads every escape, and keeps lone surrogates", () => {
    expect(parseExact(String.raw`"\"\\\/\b\f\n\r\t\u00e4\uD83C\uDF88 \ud800 \u0000"`)).toBe(
      '"\\/\b\f\n\r\tä🎈 \ud800 \u0000',
    );
  });

  it("says where the text goes wrong", () => {
    expect(refusal('{"a": 1,\n "b": x}')).toMatchObject({ position: 15, line: 2, column: 7 });
    expect(refusal('{"a": 1,\n "b": x}').message).toBe('Unexpected character "x" at line 2, column 7');
    expect(refusal("[1, 2")).toMatchObject({ position: 5, line: 1, column: 6 });
    expect(refusal("").message).toBe("Unexpected end of the JSON text at line 1, column 1");
    expect(refusal('"a\nb"').message).toContain("control character U+000A");
    expect(refusal('{"a').message).toContain("end of the JSON text in a string");
    expect(refusal("\ufeff{}").message).toContain("byte order mark");
  });

  it("shows no more than one character of the text in a message", () => {
    expect(refusal('{"password": "hunter2" "x"}').message).not.toContain("hunter2");
  });

  it("refuses what is almost JSON", () => {
    const bad = [
      "01",
      "1.",
      ".5",
      "+1",
      "-",
      "1e",
      "1e+",
      "NaN",
      "Infinity",
      "tru",
      "nulll",
      "[1,]",
      '{"a":1,}',
      "{a:1}",
      "'a'",
    ];
    bad.push("[1 2]", '"\\x"', '"\\u12g4"', '"\\u12', "\u00a01", "1\u2028", "// 1", "[", "]", "{}{}", '{"a"}', "\v1");
    expect(bad.filter((text) => !(thrown(parseExact, text) instanceof JsonSyntaxError))).toEqual([]);
  });

  it("reads 1,024 levels and refuses more, of any number, without a stack overflow", () => {
    const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    expect(parseExact(nested(MAX_JSON_DEPTH))).toHaveLength(1);
    expect(refusal(nested(MAX_JSON_DEPTH + 1)).message).toContain("1024");
    expect(refusal(nested(1_000_000)).position).toBe(MAX_JSON_DEPTH);
    expect(refusal('{"a":'.repeat(1_000_000)).message).toContain("1024");
    expect(parseExact(`[${Array.from({ length: 2000 }, () => "[[]]").join()}]`)).toHaveLength(2000);
  });
});

describe("parseFast", () => {
  it("agrees with the exact parser wherever no digit is lost", () => {
    const document = fc
      .tuple(fc.json({ stringUnit: "binary" }), fc.array(numberText))
      .map(([text, numbers]) => `{"json":${text}, "numbers":[${numbers.join(" ,\n")}],"__proto__":{"x":1}}`);
    fc.assert(
      fc.property(document, (text) => {
        fc.pre(!losesDigits(text));
        // JSON.parse knows a negative zero, Python's integers do not
        const expected: unknown = JSON.parse(text, (_, value: unknown) => (value === 0 ? 0 : value));
        const plain: unknown = JSON.parse(JSON.stringify(toPlain(parseExact(text))), (_, value: unknown) =>
          value === 0 ? 0 : value,
        );
        expect(plain).toStrictEqual(expected);
        expect(JSON.stringify(toPlain(parseExact(text)))).toBe(JSON.stringify(parseFast(text)));
      }),
      { numRuns: 500 },
    );
  });

  it("refuses the texts that the exact parser refuses, at the same place", () => {
    fc.assert(
      fc.property(nearJson, (text) => {
        const fast = thrown(parseFast, text);
        expect(fast).toEqual(thrown(parseExact, text));
        expect(fast === undefined || fast instanceof JsonSyntaxError).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("losesDigits", () => {
  it("sees each kind of damage", () => {
    const damaged = [
      "9007199254740993",
      "-9007199254740992",
      "[1,12.3456789012345678]",
      '{"a": 1e400}',
      "1e-400",
      "[0.1000000000000000055]",
    ];
    damaged.push("100000000000000000000", "1.5E+0400", " 12345678901234567");
    expect(damaged.filter((text) => !losesDigits(text))).toEqual([]);
  });

  it("lets pass what a double holds", () => {
    const whole = ["9007199254740991", "-123456789012345", "[12.50,0.30000000000000004,1e22,1.7976931348623157e+308]"];
    whole.push('{"card":"1234567890123456789","uuid":"00000000-0000-0000-0000-000000000000"}', "[0.7999999999999999]");
    expect(whole.filter((text) => losesDigits(text))).toEqual([]);
  });

  it("is never false where a number changes", () => {
    fc.assert(
      fc.property(numberText, fc.constantFrom("", " ", "[", '{"a":', "[1,", "[\n\t"), (number, before) => {
        const exact = parseExact(number);
        const value: unknown = JSON.parse(number);
        const changed = typeof exact === "bigint" ? !Number.isSafeInteger(value) : !sameDecimal(number, String(value));
        expect(!changed || losesDigits(before + number)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("takes time in proportion to the text", () => {
    for (const text of ["1".repeat(1_000_000), ".".repeat(1_000_000), "1e".repeat(500_000), " 1".repeat(500_000)]) {
      expect(typeof losesDigits(text)).toBe("boolean");
    }
  });
});

/** Whether two numbers in decimal are the same to the last digit. */
function sameDecimal(a: string, b: string): boolean {
  return scaled(a) === scaled(b);
}

/** Digits without zeros at either end, and the exponent of the last one. */
function scaled(text: string): string {
  const [, sign = "", integer = "", fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(
    text,
  ) ?? ["", text];
  const digits = (integer + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
