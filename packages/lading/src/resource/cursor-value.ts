import { LadingError } from "../errors/index.ts";
import { ExactFloat } from "../util/exact.ts";
import { typedText } from "../util/json-text.ts";
import { compareCodePoints } from "../util/python.ts";
import { parseInstant, type Instant } from "./instant.ts";

/** What a cursor may be: text (ISO times are compared as instants), a number, or a Date. */
export type CursorValue = string | number | bigint | Date;

/** The same as the state keeps it: a float as the rows wrote it, since `2.0` and `2` are two texts on the wire. */
export type StoredCursor = CursorValue | ExactFloat;

/** A value, and what it is compared by. */
export interface Comparable {
  readonly value: StoredCursor;
  readonly number?: number | bigint;
  /** Of a `Date`, and of a text that is a date or a time. */
  readonly instant?: Instant;
  /** Whether it says a time, or only a day. */
  readonly hasTime?: boolean;
  readonly text?: string;
}

/**
 * @param what how an error names the value
 * @throws LadingError CURSOR_INVALID where the value has no order: a boolean, an object, NaN
 */
export function comparable(value: unknown, what: string): Comparable {
  switch (typeof value) {
    case "bigint":
      return { value, number: value };
    case "number":
      if (Number.isNaN(value)) break;
      return { value, number: value };
    case "string": {
      const text = unmark(value);
      const instant = parseInstant(text);
      return instant ? { value, instant, hasTime: instant.time !== undefined, text } : { value, text };
    }
    default:
      if (value instanceof ExactFloat && !Number.isNaN(value.value)) return { value, number: value.value };
      if (value instanceof Date && !Number.isNaN(value.getTime()))
        return { value, instant: instantOfDate(value), hasTime: true };
  }
  throw new LadingError("CURSOR_INVALID", `${what} is ${kindOf(value)}, which has no order`, { details: { what } });
}

/**
 * Before (negative), the same (0) or after (positive). Times are compared as instants, whatever their offsets and
 * whether they are texts or `Date`s (a text without offset is UTC); numbers by value; all other texts by code point, a day
 * without a time beside a time among them, as in dlt. A day beside a `Date` is its midnight.
 *
 * @throws LadingError CURSOR_INVALID where the two are of different kinds
 */
export function compare(a: Comparable, b: Comparable): number {
  if (a.number !== undefined && b.number !== undefined) return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
  const areTexts = a.text !== undefined && b.text !== undefined;
  if (a.instant && b.instant && (!areTexts || (a.hasTime === true && b.hasTime === true))) {
    return a.instant.seconds - b.instant.seconds || a.instant.nanos - b.instant.nanos;
  }
  if (areTexts) return compareCodePoints(a.text, b.text);
  throw new LadingError(
    "CURSOR_INVALID",
    `A cursor that is ${kindOf(a.value)} cannot be compared with one that is ${kindOf(b.value)}`,
  );
}

/** A value as a user sees it. */
export function plainCursor(value: StoredCursor): CursorValue {
  return value instanceof ExactFloat ? value.value : value;
}

/** A value as it stood in the rows: without the marker that dlt puts before a time in its state. */
export function unmark(text: string): string {
  const typed = typedText(text);
  return typed?.kind === "timestamp" || typed?.kind === "date" ? typed.text : text;
}

function instantOfDate(date: Date): Instant {
  const seconds = Math.floor(date.getTime() / 1000);
  return { seconds, nanos: (date.getTime() - seconds * 1000) * 1_000_000 };
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Date) return "a date";
  if (typeof value === "number" && Number.isNaN(value)) return "NaN";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
