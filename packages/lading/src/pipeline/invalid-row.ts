import { LadingError } from "../errors/index.ts";
import { fromPlain } from "../util/json.ts";

/**
 * What is thrown while rows are normalized, as an error of Lading: a row that holds a function, an invalid date, itself,
 * or whose getter throws. `details.row` is the index of the first such row, where it can be told.
 */
export function invalidRow(error: unknown, rows: readonly unknown[]): LadingError {
  if (LadingError.is(error)) return error;
  const row = rows.findIndex((one) => !isData(one));
  const message = error instanceof Error ? error.message : String(error);
  return new LadingError("ROW_INVALID", `A row cannot be loaded: ${message.slice(0, 300)}`, {
    cause: error,
    ...(row >= 0 && { details: { row } }),
  });
}

function isData(row: unknown): boolean {
  try {
    fromPlain(row);
    return true;
  } catch {
    return false;
  }
}
