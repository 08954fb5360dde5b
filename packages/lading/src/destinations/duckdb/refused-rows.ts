import { refusedRows as meaningOf } from "../../destination/sql/load/index.ts";
import type { LadingError } from "../../errors/index.ts";
import type { TableSchema } from "../../schema/schema.ts";

/**
 * What it means that DuckDB refused rows because of a constraint.
 *
 * @param tables those that the package writes to
 * @returns `undefined` where it was something else
 */
export function refusedRows(cause: unknown, tables: readonly TableSchema[]): LadingError | undefined {
  const said = cause instanceof Error ? cause.message : String(cause);
  if (!said.startsWith("Constraint Error")) return undefined;
  const failed = /NOT NULL constraint failed: (.+)/.exec(said)?.[1];
  const table = tables.find(({ name }) => failed?.startsWith(`${name}.`) === true)?.name;
  const withoutValue = table === undefined ? undefined : failed?.slice(table.length + 1);
  const message = said.split("\n", 1)[0]!.slice("Constraint Error: ".length);
  return meaningOf({ table, withoutValue, message, cause }, tables);
}
