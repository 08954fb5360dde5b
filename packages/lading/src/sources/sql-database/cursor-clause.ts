import { LadingError } from "../../errors/index.ts";
import type { Cursor } from "../../resource/context.ts";
import { fieldOfPath } from "../../resource/cursor-path.ts";
import type { Incremental } from "../../resource/incremental.ts";
import { didYouMean } from "../../util/suggest.ts";
import type { Database, TableColumn } from "./database.ts";
import { writeValue, type SqlValue } from "./sql-text.ts";

/** The column that a table is read by. */
export interface CursorColumn {
  readonly column: TableColumn;
  readonly incremental: Incremental;
}

/** What a cursor asks of the database. */
export interface CursorClause {
  readonly where: readonly string[];
  /** The direction in which the rows come, where that was asked for. */
  readonly order: "ASC" | "DESC" | undefined;
}

/** @throws LadingError INVALID_ARGUMENT where the cursor is no column that is read */
export function cursorColumn(incremental: Incremental, columns: readonly TableColumn[], table: string): CursorColumn {
  const { cursorPath } = incremental;
  const name = fieldOfPath(cursorPath) ?? cursorPath;
  const column = columns.find((one) => one.name === name);
  if (column !== undefined) return { column, incremental };
  const names = columns.map((one) => one.name);
  throw new LadingError(
    "INVALID_ARGUMENT",
    `The cursor "${cursorPath}" is no column of "${table}" that is read.${didYouMean(name, names)}`,
    { hint: `Its columns are: ${names.join(", ")}.`, details: { table, cursorPath } },
  );
}

/**
 * The rows that a run wants, as conditions (spec dlt-rest 7.1). They may give more than the run takes, which looks at each
 * row again, and never less.
 */
export function cursorClause({ column, incremental }: CursorColumn, cursor: Cursor, database: Database): CursorClause {
  const {
    lastValueFunc = "max",
    rangeStart,
    rangeEnd,
    rowOrder,
    onCursorValueMissing = "raise",
  } = incremental.settings;
  // What another function takes for further is not known to the database.
  if (typeof lastValueFunc === "function") return { where: [], order: undefined };
  const grows = lastValueFunc === "max";
  const by = comparedColumn(column, database);
  const where: string[] = [];
  const literal = (value: unknown): string => cursorLiteral(outward(value, grows) as SqlValue, column, database);
  if (cursor.start !== undefined) {
    const bounds = [`${by} ${grows ? ">" : "<"}${rangeStart === "open" ? "" : "="} ${literal(cursor.start)}`];
    if (cursor.end !== undefined)
      bounds.push(`${by} ${grows ? "<" : ">"}${rangeEnd === "closed" ? "=" : ""} ${literal(cursor.end)}`);
    const within = bounds.join(" AND ");
    // A row without a value is an error too: it has to come to be one.
    where.push(column.nullable && onCursorValueMissing !== "exclude" ? `(${within}) OR ${by} IS NULL` : within);
  }
  if (column.nullable && onCursorValueMissing === "exclude") where.push(`${by} IS NOT NULL`);
  const order = rowOrder === undefined ? undefined : (rowOrder === "asc") === grows ? "ASC" : "DESC";
  return { where, order };
}

/** A `Date` has no microseconds: where the values shrink, the ones that it has lost would be passed over. */
function outward(value: unknown, grows: boolean): unknown {
  return value instanceof Date && !grows ? new Date(value.getTime() + 1) : value;
}

/** A column as the run compares its values: texts by code point. */
export function comparedColumn({ name, dataType, type }: TableColumn, database: Database): string {
  const quoted = database.quote(name);
  return dataType === "text" && isCollated(type) ? `${quoted}${database.binaryCollation}` : quoted;
}

function isCollated(type: string): boolean {
  return /^(?:text|character|varchar|citext|name)/i.test(type);
}

/** A value beside its column. Precisions are left out: a value with more digits would be rounded. */
function cursorLiteral(value: SqlValue, column: TableColumn, database: Database): string {
  const literal = writeValue(value, database);
  if (typeof value !== "string" && !(value instanceof Date)) return literal;
  return `CAST(${literal} AS ${column.type.replace(/\([\d, ]*\)/, "")})`;
}
