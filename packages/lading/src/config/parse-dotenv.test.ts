import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseDotenv } from "./parse-dotenv.ts";

test("lines, comments, exports and quotation marks are read", () => {
  const text = [
    "# a comment",
    "",
    "PLAIN=value # and a comment",
    "  export SPACED = two words  ",
    "EMPTY=",
    "HASH=a#b",
    "SINGLE='a # \\n b' # comment",
    'DOUBLE="a\\n\\"b\\" \\$c \\x"',
    'LINES="one\ntwo"',
    "LAST=1\r",
    "LAST=2",
  ].join("\n");
  expect({ ...parseDotenv(text) }).toEqual({
    PLAIN: "value",
    SPACED: "two words",
    EMPTY: "",
    HASH: "a#b",
    SINGLE: "a # \\n b",
    DOUBLE: 'a\n"b" $c \\x',
    LINES: "one\ntwo",
    LAST: "2",
  });
});

test.each([
  ["A=1\n  oops\n", 2, 1],
  ["1A=x", 1, 1],
  ["A='x\n\n", 1, 3],
  ["A='x' y", 1, 6],
])("%j is wrong at line %i, column %i", (text, line, column) => {
  expect(() => parseDotenv(text)).toThrow(expect.objectContaining({ name: "ConfigSyntaxError", line, column }));
});

test("any value in double quotation marks is read back (law)", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      // A carriage return before a line feed is how some systems end a line.
      const escaped = value.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll("\r", String.raw`\r`);
      expect(parseDotenv(`A="${escaped}"`)["A"]).toBe(value);
    }),
  );
});
