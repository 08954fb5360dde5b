import type { SelectParts } from "./database.ts";

/** @param first SQL for what stands before the columns */
export function renderSelect(
  { columns, from, where, orderBy, limit }: SelectParts,
  first: readonly string[] = [],
): string {
  const list = [...first, ...columns.map(({ cell }) => cell)].join(", ");
  return [
    `SELECT ${list} FROM ${from}${renderWhere(where)}`,
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${orderBy.join(", ")}`]),
    ...(limit === undefined ? [] : [`LIMIT ${limit}`]),
  ].join(" ");
}

/** Conditions that must all hold, with a blank before them; nothing where there is none. */
export function renderWhere(where: readonly string[]): string {
  return where.length === 0 ? "" : ` WHERE ${where.map((one) => `(${one})`).join(" AND ")}`;
}
