import { LadingError } from "../errors/index.ts";

/**
 * Refuses options that are not known, so that a typing error in JavaScript is not silently ignored.
 *
 * @param what how the message names the object
 * @throws LadingError INVALID_ARGUMENT
 */
export function checkKeys(what: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  throw new LadingError("INVALID_ARGUMENT", `${what} has no option ${unknown.map((key) => `"${key}"`).join(", ")}`, {
    hint: `The options are: ${known.join(", ")}.`,
    details: { unknown, known },
  });
}

/** @throws LadingError NAME_EMPTY */
export function checkName(what: string, name: unknown): void {
  if (typeof name === "string" && name.trim() !== "") return;
  throw new LadingError("NAME_EMPTY", `The name of a ${what} is ${typeof name === "string" ? "empty" : "not a text"}`);
}

/** Every hint by name: what `resource` and `with` accept beside their own options. */
export const hintKeys = [
  "tableName",
  "writeDisposition",
  "primaryKey",
  "mergeKey",
  "columns",
  "schemaContract",
  "maxTableNesting",
  "nestedHints",
  "references",
] as const;
