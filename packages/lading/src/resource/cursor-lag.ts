import { LadingError } from "../errors/index.ts";
import { ExactFloat } from "../util/exact.ts";
import { compare, comparable, unmark, type CursorValue, type StoredCursor } from "./cursor-value.ts";
import { formatInstant, parseInstant, type IsoText } from "./instant.ts";

/** How far a cursor looks back (spec dlt-core 6.7, dlt-1.31 2.1). */
export interface Lag {
  /** Seconds for times, days for dates, units for numbers. */
  readonly lag: number;
  readonly direction: "max" | "min";
  /** The result never goes past it; where it is a date without a time, the lag is in days. */
  readonly initial: CursorValue | undefined;
}

/**
 * The value from which a run with a lag reads: earlier by the lag for `max`, later for `min`, and in the same form.
 *
 * @throws LadingError CURSOR_INVALID for a text that is no ISO time
 */
export function applyLag(value: StoredCursor, { lag, direction, initial }: Lag): CursorValue {
  const sign = direction === "max" ? -1 : 1;
  const lagged = shift(value, sign * lag, direction, initial);
  if (initial === undefined) return lagged;
  const order = compare(comparable(lagged, "The value with its lag"), comparable(initial, "initialValue"));
  return order * sign > 0 ? initial : lagged;
}

function shift(
  value: StoredCursor,
  by: number,
  direction: "max" | "min",
  initial: CursorValue | undefined,
): CursorValue {
  if (value instanceof ExactFloat) return value.value + by;
  if (typeof value === "bigint") return value + BigInt(Math.trunc(by));
  if (typeof value === "number") return Number.isInteger(value) ? Math.trunc(value + by) : value + by;
  if (value instanceof Date) return new Date(value.getTime() + by * 1000);
  const read = parseInstant(unmark(value));
  if (!read) {
    throw new LadingError("CURSOR_INVALID", "A lag needs a cursor that is a number, a date or an ISO time", {
      hint: "Leave the lag out, or choose another cursor.",
    });
  }
  return shiftText(read, by, direction, initial);
}

const DAY = 86_400;

function shiftText(read: IsoText, by: number, direction: "max" | "min", initial: CursorValue | undefined): string {
  const isDays =
    read.time === undefined || (typeof initial === "string" && parseInstant(unmark(initial))?.time === undefined);
  if (!isDays) {
    const nanos = read.nanos + Math.round((by - Math.floor(by)) * 1e9);
    const seconds = read.seconds + Math.floor(by) + Math.floor(nanos / 1e9);
    return formatInstant({ seconds, nanos: nanos % 1e9 }, read);
  }
  if (read.time === undefined) return formatInstant({ seconds: read.seconds + Math.trunc(by) * DAY, nanos: 0 }, read);
  // Whole days: from the start of the day where the cursor grows, from its end where it shrinks.
  const wallDay = Math.floor((read.seconds + read.offset * 60) / DAY) + Math.trunc(by);
  const start = wallDay * DAY - read.offset * 60;
  return formatInstant(
    direction === "max" ? { seconds: start, nanos: 0 } : { seconds: start + DAY - 1, nanos: 999_999_999 },
    read,
  );
}
