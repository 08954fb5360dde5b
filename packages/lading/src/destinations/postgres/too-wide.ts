import { LadingError } from "../../errors/index.ts";
import type { TableSchema } from "../../schema/schema.ts";

/** Columns that a table can have; one that was dropped counts for ever. */
const mostColumns = 1600;

/**
 * What it means that PostgreSQL refused to make a table, or to take a row, as wide as it would be: all columns of a row
 * must fit into a page of 8 kB, where long texts count little and numbers wholly.
 *
 * @param tables those that the package writes to
 * @returns `undefined` where it was something else
 */
export function tooWide(cause: unknown, tables: readonly TableSchema[]): LadingError | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { code, message } = cause as Error & { readonly code?: unknown };
  const hasTooMany = code === "54011";
  if (!hasTooMany && !(code === "54000" && message.startsWith("row is too big"))) return undefined;
  const widest = tables.toSorted((a, b) => b.columns.size - a.columns.size)[0];
  const what =
    widest === undefined ? "A table" : `The table "${widest.name}", which has ${widest.columns.size} columns,`;
  const why = hasTooMany ? `PostgreSQL takes ${mostColumns}` : message;
  return new LadingError("TABLE_TOO_WIDE", `${what} is too wide: ${why}.`, {
    cause,
    details: widest === undefined ? {} : { table: widest.name, columns: widest.columns.size },
  });
}
