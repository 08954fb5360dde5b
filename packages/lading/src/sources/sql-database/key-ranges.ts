import { LadingError } from "../../errors/index.ts";
import { didYouMean } from "../../util/suggest.ts";
import type { Database, FoundTable, Snapshot, TableColumn } from "./database.ts";
import type { SplitOptions } from "./options.ts";

/** A part of a table: its rows from a value of a column on, and before another one. */
export interface KeyRange {
  /** The text of the value; `undefined`: from the least on, with those that have none. */
  readonly from: string | undefined;
  /** `undefined`: to the greatest. */
  readonly to: string | undefined;
}

export const wholeTable: KeyRange = { from: undefined, to: undefined };

/** @throws LadingError INVALID_ARGUMENT where the table cannot be split by it */
export function splitColumn(split: SplitOptions, table: FoundTable): TableColumn {
  if (!Number.isSafeInteger(split.chunks) || split.chunks < 1) {
    throw new LadingError("INVALID_ARGUMENT", `split.chunks of "${table.name}" must be a whole number from 1 on.`);
  }
  const name = split.column ?? table.rowKey[0];
  if (name === undefined) {
    throw new LadingError("INVALID_ARGUMENT", `The table "${table.name}" has no key by which it could be split.`, {
      hint: "Name a column: split: { chunks: 4, column: … }. One with an index is read fastest.",
      details: { table: table.name },
    });
  }
  const column = table.columns.find((one) => one.name === name);
  if (column?.isKey === true) return column;
  const what = column === undefined ? "is no column of it" : `is of a type (${column.type}) without an order`;
  const names = table.columns.filter(({ isKey }) => isKey).map((one) => one.name);
  throw new LadingError(
    "INVALID_ARGUMENT",
    `"${table.name}" cannot be split by "${name}", which ${what}.${didYouMean(name, names)}`,
    {
      hint: `It can be split by: ${names.join(", ")}.`,
      details: { table: table.name, column: name },
    },
  );
}

/**
 * Ranges of a column with about as many rows each: of whole numbers equally wide ones, of all else by looking at all values.
 *
 * @param from the table with its conditions, as it stands behind FROM
 */
export async function keyRanges(
  { rows }: Snapshot,
  column: TableColumn,
  { chunks, from, database }: { readonly chunks: number; readonly from: string; readonly database: Database },
): Promise<readonly KeyRange[]> {
  const quoted = database.quote(column.name);
  let bounds: readonly string[];
  if (column.dataType === "bigint") {
    const [found] = await rows(`SELECT min(${quoted})::text AS low, max(${quoted})::text AS high FROM ${from}`);
    const { low, high } = found ?? {};
    bounds = typeof low === "string" && typeof high === "string" ? evenly(BigInt(low), BigInt(high), chunks) : [];
  } else {
    const parts = Array.from({ length: chunks - 1 }, (_, i) => (i + 1) / chunks).join(", ");
    const found = await rows(
      `SELECT DISTINCT bound::text AS bound, bound AS place FROM unnest((SELECT percentile_disc(ARRAY[${parts}]::float8[]) WITHIN GROUP (ORDER BY ${quoted}) FROM ${from})) AS bound WHERE bound IS NOT NULL ORDER BY place`,
    );
    bounds = found.map((row) => String(row["bound"]));
  }
  const ends = [undefined, ...bounds, undefined];
  return ends.slice(1).map((to, i) => ({ from: ends[i], to }));
}

/** Where ranges begin, but for the first. */
function evenly(low: bigint, high: bigint, chunks: number): readonly string[] {
  const bounds = Array.from(
    { length: chunks - 1 },
    (_, i) => low + ((high - low + 1n) * BigInt(i + 1)) / BigInt(chunks),
  );
  return [...new Set(bounds.filter((bound) => bound > low).map(String))];
}

/** What a range says of its rows. */
export function rangeConditions(range: KeyRange, column: TableColumn, database: Database): string[] {
  const quoted = database.quote(column.name);
  const literal = (text: string): string => `CAST(${database.literal(text)} AS ${column.type})`;
  const { from, to } = range;
  if (from === undefined && to === undefined) return [];
  const orNone = from === undefined && column.nullable ? ` OR ${quoted} IS NULL` : "";
  return [
    ...(from === undefined ? [] : [`${quoted} >= ${literal(from)}`]),
    ...(to === undefined ? [] : [`${quoted} < ${literal(to)}${orNone}`]),
  ];
}
