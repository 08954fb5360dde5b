import { LadingError } from "../../../errors/index.ts";
import type { TableSchema } from "../../../schema/schema.ts";

/** What an engine says of rows that it refused because of a constraint, as far as it says it. */
export interface RefusedRows {
  readonly table: string | undefined;
  /** The column in which they have no value, though it must have one; `undefined`: it was another constraint. */
  readonly withoutValue: string | undefined;
  /** In the engine's words. */
  readonly message: string;
  readonly cause: unknown;
}

/**
 * What it means that rows were refused: a row without a value that it must have, or a constraint that someone put on the
 * table by hand.
 *
 * @param tables those that the package writes to
 */
export function refusedRows(
  { table: name, withoutValue: column, message, cause }: RefusedRows,
  tables: readonly TableSchema[],
): LadingError {
  const table = tables.find((one) => one.name === name);
  if (column !== undefined && table?.columns.has(column) === true) {
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
      ? `has a constraint that the rows do not meet: ${message}`
      : `has the column "${column}", which the schema does not know and which must have a value`;
  return new LadingError("TABLE_CHANGED", `The table ${name === undefined ? "" : `"${name}" `}${what}.`, {
    cause,
    details: { ...(name !== undefined && { table: name }), ...(column !== undefined && { column }) },
  });
}
