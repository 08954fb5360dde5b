import { LadingError } from "../errors/index.ts";
import type { ResourceHints } from "../resource/hints.ts";
import type { Names } from "./names.ts";

/**
 * The name of a resource's table, normalized; `undefined` where a function chooses the table of each row.
 *
 * @throws LadingError NAME_EMPTY
 */
export function rootTableName(names: Names, hints: ResourceHints, resource: string): string | undefined {
  const given = hints.tableName ?? resource;
  return typeof given === "function" ? undefined : normalized(names, given, resource);
}

/**
 * The name of the table that a row goes to, normalized.
 *
 * @param choose the resource's `tableName`
 * @throws LadingError NAME_EMPTY where it gives no name; ROW_INVALID where it fails
 */
export function tableOfRow(names: Names, choose: (row: unknown) => unknown, row: unknown, resource: string): string {
  let given: unknown;
  try {
    given = choose(row);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LadingError("ROW_INVALID", `tableName of "${resource}" failed at a row: ${message}`, { cause });
  }
  if (typeof given === "string") return normalized(names, given, resource);
  throw new LadingError("NAME_EMPTY", `tableName of "${resource}" gave ${kindOf(given)} for a row, not a name.`, {
    hint: "Return the name of a table for every row. To leave rows out, use filter().",
  });
}

function normalized(names: Names, given: string, resource: string): string {
  const name = given.trim() === "" ? "" : names.table(given);
  if (name !== "") return names.join([name]);
  throw new LadingError(
    "NAME_EMPTY",
    `The table name "${given}" of the resource "${resource}" is empty once normalized.`,
  );
}

function kindOf(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}
