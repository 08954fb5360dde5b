import { LadingError } from "../errors/index.ts";
import { typedText } from "../util/json-text.ts";
import { compareCodePoints } from "../util/python.ts";
import { parseInstant, type Instant } from "./instant.ts";

/** What a cursor may be: text (ISO times are compared as instants), a number, or a Date. */
export type CursorValue = string | number | bigint | Date;

/** A value, and what it is compared by. */
export interface Comparable {
  readonly value: CursorValue;
  readonly number?: number | bigint;
  readonly instant?: Instant;
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
      return instant ? { value, instant, text } : { value, text };
    }
    default:
      if (value instanceof Date && !Number.isNaN(value.getTime())) return { value, instant: instantOfDate(value) };
  }
  throw new LadingError("CURSOR_INVALID", `${what} is ${kindOf(value)}, which has no order`, { details: { what } });
}

/**
 * Before (negative), the same (0) or after (positive). Times are compared as instants, whatever their offsets and
 * whether they are texts or dates (a text without offset is UTC, one without a time is its midnight); numbers by value;
 * all other texts by code point.
 *
 * @throws LadingError CURSOR_INVALID where the two are of different kinds
 */
export function compare(a: Comparable, b: Comparable): number {
  if (a.number !== undefined && b.number !== undefined) return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
  if (a.instant && b.instant) return a.instant.seconds - b.instant.seconds || a.instant.nanos - b.instant.nanos;
  if (a.text !== undefined && b.text !== undefined) return compareCodePoints(a.text, b.text);
  throw new LadingError(
    "CURSOR_INVALID",
    `A cursor that is ${kindOf(a.value)} cannot be compared with one that is ${kindOf(b.value)}`,
  );
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
