import { toPlain } from "../util/json.ts";
import type { Page } from "./page.ts";

/**
 * The rows as a user's function may see them. Where `JSON.parse` has damaged an integer beyond 2^53, the row is made
 * again from the exact one and has a `bigint` there: else the function would hand on a wrong number as its own.
 */
export function plainRows<Row>(page: Page<Row>): readonly Row[] {
  const { rows, exact } = page;
  if (!exact || !rows.some((row) => hasDamagedInteger(row))) return rows;
  const exactRows = exact();
  return rows.map((row, index) => {
    const given = exactRows[index];
    return given !== undefined && hasDamagedInteger(row) ? (toPlain(given) as Row) : row;
  });
}

function hasDamagedInteger(value: unknown): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(hasDamagedInteger);
  for (const key in value) if (hasDamagedInteger((value as Record<string, unknown>)[key])) return true;
  return false;
}
