import { LadingError } from "../../errors/index.ts";
import type { TableSchema } from "../../schema/schema.ts";

/**
 * What it means that PostgreSQL refused rows because of a constraint: a row without a value that it must have, or a
 * constraint that someone put on the table by hand.
 *
 * @param tables those that the package writes to
 * @returns `undefined` where it was something else
 */
export function refusedRows(cause: unknown, tables: readonly TableSchema[]): LadingError | undefined {
  const { code, schema, table: name, column } = fieldsOf(cause);
  if (code === undefined || !code.startsWith("23") || schema === "pg_catalog") return undefined;
  const table = tables.find((one) => one.name === name);
  if (code === "23502" && column !== undefined && table?.columns.has(column) === true) {
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
  const message = cause instanceof Error ? cause.message.split("\n", 1)[0]! : String(cause);
  const what =
    code === "23502" && column !== undefined
      ? `has the column "${column}", which the schema does not know and which must have a value`
      : `has a constraint that the rows do not meet: ${message}`;
  return new LadingError("TABLE_CHANGED", `The table ${name === undefined ? "" : `"${name}" `}${what}.`, {
    cause,
    details: { ...(name !== undefined && { table: name }), ...(column !== undefined && { column }) },
  });
}

function fieldsOf(error: unknown): {
  readonly code?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
} {
  return typeof error === "object" && error !== null ? error : {};
}
