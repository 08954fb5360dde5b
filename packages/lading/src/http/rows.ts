import { LadingError } from "../errors/index.ts";
import { isPlural, type Selector, select } from "./selector.ts";

/**
 * The rows that a selector finds in a body, plain or exact (spec dlt-rest 4.1): a list is rows, null is none, anything
 * else is one row. Lists that are found by way of `[*]` are put one after the other.
 *
 * @param where for the message: the address of the answer
 * @throws SELECTOR_NO_MATCH where nothing is found, unless `allowMissing`
 */
export function selectRows(
  selector: Selector,
  body: unknown,
  options: { readonly where: string; readonly allowMissing?: boolean },
): readonly unknown[] {
  const { values, missing } = select(selector, body);
  if (missing !== undefined) {
    if (options.allowMissing === true) return [];
    throw noMatch(selector, body, missing, options.where);
  }
  if (!isPlural(selector)) return rowsIn(values[0]);
  const last = selector.steps.at(-1);
  const eachIsRow = last !== undefined && "each" in last;
  return eachIsRow ? values : values.flatMap(rowsIn);
}

function rowsIn(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

function noMatch(
  selector: Selector,
  body: unknown,
  missing: { readonly at: string; readonly sought: string; readonly keys: readonly string[] },
  where: string,
): LadingError {
  const shown = missing.keys.slice(0, 30);
  const kind = Array.isArray(body) && missing.at === "$" ? "a list" : "no object";
  const there =
    shown.length > 0
      ? `has only: ${shown.join(", ")}${missing.keys.length > shown.length ? ", …" : ""}`
      : `is ${kind}, or an empty one`;
  const place = missing.at === "$" ? "the body" : missing.at;
  return new LadingError(
    "SELECTOR_NO_MATCH",
    `The data selector "${selector.text}" finds nothing in the answer of ${where}: ${missing.sought} is not there; ${place} ${there}.`,
    { details: { selector: selector.text, keys: missing.keys } },
  );
}
