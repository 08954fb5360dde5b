import * as fc from "fast-check";
import { page, type Page } from "../../src/resource/page.ts";
import type { ExactObject } from "../../src/util/exact.ts";
import { parseExact, toPlain } from "../../src/util/json.ts";

/** Few keys, so that one and the same comes with other types: a scalar here, an object or a list there. */
const keys = ["a", "b", "isOpen", "größe", "日本", "line items"];

const values =
  "null null true false 0 1 -7 12 9007199254740993 -9223372036854775808 9223372036854775808 0.5 1.0 -0.0 1e21 1e-7 " +
  "12.345678901234567 123456789012345678901234567890123456789012345";
const words =
  '|x|12|3.5|true|NULL|ünï 日本 😀|tab\t"quote"\n\\|2024-02-29|2024-02-29T23:59:59|2031-12-31T23:59:59.123456+05:30';
const leaves = [...values.split(" "), ...words.split("|").map((text) => JSON.stringify(text))];
const leaf = fc.constantFrom(...leaves);

/** A value of a document as JSON text, with lists and objects in one another. */
function value(levels: number): fc.Arbitrary<string> {
  if (levels === 0) return leaf;
  const list = fc.array(value(levels - 1), { maxLength: 3 }).map((items) => `[${items.join(",")}]`);
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 1, arbitrary: list },
    { weight: 1, arbitrary: object(levels - 1) },
  );
}

function fields(levels: number, most: number): fc.Arbitrary<readonly string[]> {
  const field = fc.oneof(
    { weight: 9, arbitrary: fc.tuple(fc.constantFrom(...keys), value(levels)) },
    // A list under an empty key has no table of its own, in dlt as here.
    { weight: 1, arbitrary: fc.tuple(fc.constant(""), leaf) },
  );
  return fc
    .uniqueArray(field, { selector: ([key]) => key, maxLength: most })
    .map((all) => all.map(([key, text]) => `${JSON.stringify(key)}:${text}`));
}

const object = (levels: number): fc.Arbitrary<string> => fields(levels, 3).map((all) => `{${all.join(",")}}`);

/** What any document has beside what it is given: fields of any kind, nested at most three levels deep. */
export const anyFields: fc.Arbitrary<readonly string[]> = fields(3, 4);

/** A document's JSON text. `known`: what stands before its random fields, `n` among it: the number by which it is found again. */
export function textOf(
  known: Readonly<Record<string, unknown>> & { readonly n: number },
  random: readonly string[],
): string {
  const own = Object.entries(known).map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`);
  return `{${[...own, ...random].join(",")}}`;
}

export const exactOf = (text: string): ExactObject => parseExact(text) as ExactObject;

/** Some documents as a page, as a source would give it that read them as JSON. */
export function pageOf(texts: readonly string[], more: Partial<Page> = {}): Page {
  const exact = texts.map(exactOf);
  return page({ ...more, rows: exact.map(toPlain), exact: () => exact });
}

/** Cuts a list at places drawn at random, also into empty pieces. */
export function split<T>(items: readonly T[], cuts: readonly number[]): (readonly T[])[] {
  const at = cuts.map((cut) => Math.round((cut / 100) * items.length)).toSorted((a, b) => a - b);
  return [...at, items.length].map((end, index) => items.slice(at[index - 1] ?? 0, end));
}

/** Where a list is cut, in hundredths of its length. */
export const cuts = (most: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: most });
