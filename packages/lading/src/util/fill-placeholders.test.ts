import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fillPlaceholders } from "./fill-placeholders.ts";

test("a placeholder becomes its value, doubled braces become braces", () => {
  expect(fillPlaceholders("{table}.a = '{{}}' AND {table}.b", { table: "t" })).toBe("t.a = '{}' AND t.b");
});

test("a placeholder that is not known, and a brace that stands alone, are refused", () => {
  expect(() => fillPlaceholders("a = {tabel}", { table: "t" })).toThrow(
    "{tabel} is no placeholder (there are: {table})",
  );
  expect(() => fillPlaceholders("a = {}", {})).toThrow("{} is no placeholder (there are none here)");
  expect(() => fillPlaceholders("a = {toString}", {})).toThrow(RangeError);
  for (const text of ["{", "}", "a { b", "{a{", "{{}"]) expect(() => fillPlaceholders(text, {})).toThrow(RangeError);
});

test("a text whose braces are doubled comes back as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("{", "}", "a", " ") }), (text) => {
      expect(fillPlaceholders(text.replaceAll(/[{}]/g, "$&$&"), {})).toBe(text);
    }),
  );
});
