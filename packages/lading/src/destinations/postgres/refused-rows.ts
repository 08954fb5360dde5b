import { refusedRows as meaningOf } from "../../destination/sql/load/index.ts";
import type { LadingError } from "../../errors/index.ts";
import type { TableSchema } from "../../schema/schema.ts";

/**
 * What it means that PostgreSQL refused rows because of a constraint.
 *
 * @param tables those that the package writes to
 * @returns `undefined` where it was something else
 */
export function refusedRows(cause: unknown, tables: readonly TableSchema[]): LadingError | undefined {
  const { code, schema, table, column } = fieldsOf(cause);
  if (code === undefined || !code.startsWith("23") || schema === "pg_catalog") return undefined;
  const message = cause instanceof Error ? cause.message.split("\n", 1)[0]! : String(cause);
  return meaningOf({ table, withoutValue: code === "23502" ? column : undefined, message, cause }, tables);
}

function fieldsOf(error: unknown): {
  readonly code?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
} {
  return typeof error === "object" && error !== null ? error : {};
}
