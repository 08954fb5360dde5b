import { LadingError } from "../errors/index.ts";

/** How integers are given back: as `number`, or as `bigint` where the engine gives one. */
export type IntegerMode = "number" | "bigint";

/**
 * Rows as they are given to users: integers as numbers, also within lists and objects.
 *
 * @throws LadingError INTEGER_TOO_LARGE where a number would lose digits
 */
export function convertRow(row: Readonly<Record<string, unknown>>, mode: IntegerMode): Record<string, unknown> {
  if (mode === "bigint") return row;
  const converted: Record<string, unknown> = {};
  for (const column of Object.keys(row)) converted[column] = convertCell(row[column], column);
  return converted;
}

function convertCell(value: unknown, column: string): unknown {
  if (typeof value === "bigint") return toNumber(value, column);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => convertCell(item, column));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convertCell(item, column)]));
}

function toNumber(value: bigint, column: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new LadingError(
    "INTEGER_TOO_LARGE",
    `The column "${column}" holds ${value}, which a number cannot hold exactly`,
    {
      hint: `Cast it to varchar in SQL, or read with \`dataset({ integers: "bigint" })\`.`,
      details: { column },
    },
  );
}
