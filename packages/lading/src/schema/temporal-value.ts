import { dateFromDays, maxDay, minDay } from "./temporal-calendar.ts";

export const microsPerSecond = 1_000_000;
const microsPerMinute = 60 * microsPerSecond;
export const microsPerDay = 86_400 * microsPerSecond;

/** A moment to the microsecond, as Python's `datetime`: a wall clock, and how far it is from UTC. */
export class Timestamp {
  /** What the wall clock shows: microseconds since 1970-01-01T00:00:00. */
  readonly micros: bigint;
  /** Minutes that the wall clock is ahead of UTC; `undefined`: not known (a naive value). */
  readonly offset: number | undefined;

  constructor(micros: bigint, offset?: number) {
    this.micros = micros;
    this.offset = offset;
  }

  /** Microseconds since 1970-01-01T00:00:00Z; a naive value counts as UTC. */
  get instant(): bigint {
    return this.offset === undefined ? this.micros : this.micros - BigInt(this.offset * microsPerMinute);
  }

  /** Whether it lies in the years 1 to 9999, on its own clock and in UTC: what Python can hold and convert. */
  get isRepresentable(): boolean {
    return isInYears(this.micros) && (this.offset === undefined || isInYears(this.instant));
  }

  /** Days since 1970-01-01 in UTC. */
  get utcDays(): number {
    return splitMicros(this.instant)[0];
  }

  /** As Python's `isoformat()`: microseconds only when there are any, `+00:00` for UTC, nothing for a naive value. */
  toIso(): string {
    return this.#format("T", false);
  }

  /** `2024-01-02 03:04:05.000006+00:00`: always with microseconds, as it stands in row files. */
  toCell(): string {
    return this.#format(" ", true);
  }

  toString(): string {
    return this.toIso();
  }

  #format(separator: string, always: boolean): string {
    const [days, rest] = splitMicros(this.micros);
    return formatDate(days) + separator + formatTime(rest, always) + formatOffset(this.offset);
  }
}

/** A day in the calendar, as Python's `date`. */
export class CalendarDate {
  /** Days since 1970-01-01. */
  readonly days: number;

  constructor(days: number) {
    this.days = days;
  }

  /** Whether it lies in the years 1 to 9999. */
  get isRepresentable(): boolean {
    return this.days >= minDay && this.days <= maxDay;
  }

  /** `2024-01-02`. */
  toIso(): string {
    return formatDate(this.days);
  }

  toString(): string {
    return this.toIso();
  }
}

/** A time of day to the microsecond, as Python's `time`. */
export class TimeOfDay {
  /** Microseconds since midnight. */
  readonly micros: number;
  /** Minutes ahead of UTC; `undefined`: not known. */
  readonly offset: number | undefined;

  constructor(micros: number, offset?: number) {
    this.micros = micros;
    this.offset = offset;
  }

  /** The time in UTC, without an offset; a naive one as it is. It may be of the day before or after. */
  toUtc(): TimeOfDay {
    if (this.offset === undefined) return this;
    const micros = (this.micros - this.offset * microsPerMinute) % microsPerDay;
    return new TimeOfDay(micros < 0 ? micros + microsPerDay : micros);
  }

  /** As Python's `isoformat()`: microseconds only when there are any. */
  toIso(): string {
    return formatTime(this.micros, false) + formatOffset(this.offset);
  }

  toString(): string {
    return this.toIso();
  }
}

/** A moment from its parts. The date is taken to exist. */
export function timestampOf(days: number, microsOfDay: number, offset?: number): Timestamp {
  return new Timestamp(BigInt(days) * BigInt(microsPerDay) + BigInt(microsOfDay), offset);
}

/** A JavaScript `Date` as a moment in UTC; `undefined` for an invalid date or a year outside 1 to 9999. */
export function timestampOfDate(date: Date): Timestamp | undefined {
  const millis = date.getTime();
  if (Number.isNaN(millis)) return undefined;
  const timestamp = new Timestamp(BigInt(millis) * 1000n, 0);
  return timestamp.isRepresentable ? timestamp : undefined;
}

/** A moment's wall clock as its day (since 1970-01-01) and the microseconds since that day's midnight. */
function splitMicros(micros: bigint): readonly [days: number, microsOfDay: number] {
  const perDay = BigInt(microsPerDay);
  const remainder = micros % perDay;
  const days = micros / perDay;
  return remainder < 0n ? [Number(days) - 1, Number(remainder) + microsPerDay] : [Number(days), Number(remainder)];
}

const minMicros = BigInt(minDay) * BigInt(microsPerDay);
const endMicros = BigInt(maxDay + 1) * BigInt(microsPerDay);

function isInYears(micros: bigint): boolean {
  return micros >= minMicros && micros < endMicros;
}

function formatDate(days: number): string {
  const { year, month, day } = dateFromDays(days);
  return `${String(year).padStart(4, "0")}-${twoDigits(month)}-${twoDigits(day)}`;
}

function formatTime(micros: number, always: boolean): string {
  const fraction = micros % microsPerSecond;
  const seconds = (micros - fraction) / microsPerSecond;
  const clock = `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return fraction === 0 && !always ? clock : `${clock}.${String(fraction).padStart(6, "0")}`;
}

function formatOffset(offset: number | undefined): string {
  if (offset === undefined) return "";
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
