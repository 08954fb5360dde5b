import { LadingError } from "../../errors/index.ts";
import type { TableSchema } from "../../schema/schema.ts";

/**
 * What it means that DuckDB refused rows because of a constraint: a row without a value that it must have, or a
 * constraint that someone put on the table by hand.
 *
 * @param tables those that the package writes to
 * @returns `undefined` where it was something else
 */
export function refusedRows(cause: unknown, tables: readonly TableSchema[]): LadingError | undefined {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!message.startsWith("Constraint Error")) return undefined;
  const failed = /NOT NULL constraint failed: (.+)/.exec(message)?.[1];
  const table = tables.find(({ name }) => failed?.startsWith(`${name}.`) === true);
  const column = table === undefined ? undefined : failed?.slice(table.name.length + 1);
  if (table !== undefined && column !== undefined && table.columns.has(column)) {
    return new LadingError(
      "NULL_NOT_ALLOWED",
      `A row of "${table.name}" has no value for "${column}", which must have one.`,
      {
        cause,
        hint: `Declare "${column}" nullable, or filter such rows out; then run with --fresh (\`fresh: true\`): the package with that row is set aside, and the source is read again.`,
        details: { table: table.name, column },
      },
    );
  }
  const what =
    column === undefined
      ? `has a constraint that the rows do not meet: ${message.split("\n", 1)[0]!.slice("Constraint Error: ".length)}`
      : `has the column "${column}", which the schema does not know and which must have a value`;
  return new LadingError("TABLE_CHANGED", `The table ${table === undefined ? "" : `"${table.name}" `}${what}.`, {
    cause,
    details: { ...(table && { table: table.name }), ...(column !== undefined && { column }) },
  });
}
