import { LadingError } from "../errors/index.ts";
import type { Exact } from "../util/exact.ts";
import { fromPlain } from "../util/json.ts";
import type { Page } from "./page.ts";

/** The names of a key: text for one column, a list for several; the two are hashed differently. */
export type Key = string | readonly string[];

/**
 * What of a row is hashed to know it again: the value of its key, the values of a list of keys, or the whole row where
 * there is no key.
 *
 * @throws LadingError CURSOR_KEY_MISSING where the row lacks a field of the key
 */
export function rowKey(page: Page, index: number, key: Key | undefined, resource: string): Exact {
  if (key === undefined) return page.exact?.()[index] ?? fromPlain(page.rows[index], "row");
  if (typeof key === "string") return field(page, index, key, resource);
  return key.map((name) => field(page, index, name, resource));
}

function field(page: Page, index: number, name: string, resource: string): Exact {
  const row = page.rows[index];
  const has = typeof row === "object" && row !== null && Object.hasOwn(row, name);
  const value = has ? (row as Readonly<Record<string, unknown>>)[name] : undefined;
  if (value === undefined) {
    throw new LadingError(
      "CURSOR_KEY_MISSING",
      `A row of "${resource}" has no field "${name}", which is part of its key`,
      {
        details: { resource, field: name },
      },
    );
  }
  // Only numbers may have lost something, and objects may hold some.
  const isSure = typeof value === "string" || typeof value === "boolean" || Number.isSafeInteger(value);
  const exact = isSure ? undefined : page.exact?.()[index];
  return (exact instanceof Map ? exact.get(name) : undefined) ?? fromPlain(value, name);
}
