/**
 * What sets one naming convention apart (spec dlt-core 1.3): how a stripped, non-empty identifier is rewritten before it
 * is shortened, and by what names are joined into a path.
 */
export interface Convention {
  readonly separator: string;
  readonly caseSensitive: boolean;
  /** Pure; gets an identifier without blanks at its ends. */
  readonly rewrite: (identifier: string) => string;
  /** The last step, after shortening. */
  readonly finish?: (identifier: string) => string;
}

/** dlt's names of its built-in conventions, as they are stored in a schema. */
export type ConventionName = "snake_case" | "direct" | "duck_case" | "sql_ci_v1" | "sql_cs_v1";

const pathSeparator = "__";
// Python's \d is any decimal digit of Unicode
const notAlphanumeric = /[^a-zA-Z\p{Nd}_]+/gu;
const leadingDigit = /^\p{Nd}/u;
const underscores = /__+/g;

const reduced: Readonly<Record<string, string>> = { "+": "x", "-": "_", "*": "x", "@": "a", "|": "l" };

function snakeCase(identifier: string): string {
  const spaced = identifier
    .replace(/[+\-*@|]/g, (sign) => reduced[sign] ?? sign)
    .replace(notAlphanumeric, "_")
    .replace(/([^_])([A-Z][a-z]+)/gu, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
  const prefixed = leadingDigit.test(spaced) ? `_${spaced}` : spaced;
  const end = endWithoutUnderscores(prefixed);
  return (prefixed.slice(0, end) + "x".repeat(prefixed.length - end)).replace(underscores, "_");
}

function sqlSafe(identifier: string): string {
  const safe = identifier.replace(notAlphanumeric, "_");
  const prefixed = leadingDigit.test(safe) ? `_${safe}` : safe;
  const kept = prefixed === "_" ? prefixed : prefixed.slice(0, endWithoutUnderscores(prefixed));
  return kept.replace(underscores, "_");
}

/** Where the underscores at the end of a text begin. (`/_+$/` takes quadratic time on a long run in the middle.) */
function endWithoutUnderscores(text: string): number {
  let end = text.length;
  while (end > 0 && text[end - 1] === "_") end -= 1;
  return end;
}

/** The built-in conventions by name. */
export const conventions: Readonly<Record<ConventionName, Convention>> = {
  snake_case: { separator: pathSeparator, caseSensitive: false, rewrite: snakeCase },
  duck_case: {
    separator: pathSeparator,
    caseSensitive: true,
    rewrite: (identifier) => identifier.replace(/[\n\r"]/g, "_").replace(underscores, "_"),
  },
  direct: {
    separator: "▶",
    caseSensitive: true,
    rewrite: (identifier) => identifier.replace(/[\n\r'"▶]/g, "_"),
  },
  sql_cs_v1: { separator: pathSeparator, caseSensitive: true, rewrite: sqlSafe },
  // lower-cased last: the tag of a shortened name is that of the text as it was written
  sql_ci_v1: {
    separator: pathSeparator,
    caseSensitive: false,
    rewrite: sqlSafe,
    finish: (identifier) => identifier.toLowerCase(),
  },
};
