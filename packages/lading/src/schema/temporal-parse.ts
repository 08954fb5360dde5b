import { asciiDigits, pythonFloat } from "./python-number.ts";
import { daysFromDate, daysInYear, isDate, maxDay, maxYear, minDay, minYear } from "./temporal-calendar.ts";
import {
  CalendarDate,
  microsPerDay,
  microsPerSecond,
  TimeOfDay,
  type Timestamp,
  timestampOf,
} from "./temporal-value.ts";

type Temporal = Timestamp | CalendarDate | TimeOfDay;

/**
 * A text with a date and a time, by the grammar that dlt detects timestamps with (spec dlt-core 3.7): ISO 8601 as pendulum
 * reads it, then its few common forms with `/` or `:`. Digits after the sixth of a second are cut. A text without an offset
 * gives a naive value.
 */
export function parseIsoDateTime(text: string): Timestamp | undefined {
  const parsed = canBeginDate(text) ? parseTemporal(text) : undefined;
  return parsed === undefined || parsed instanceof CalendarDate || parsed instanceof TimeOfDay ? undefined : parsed;
}

/** A text with a date and no time: `2024-01-02`, `20240102`, `2024`, `2024-W01-1`, `2024-002`, `2024/01/02`. */
export function parseIsoDate(text: string): CalendarDate | undefined {
  const parsed = canBeginDate(text) ? parseTemporal(text) : undefined;
  return parsed instanceof CalendarDate ? parsed : undefined;
}

/** A text with a time and no date: `10:20`, `10:20:30.5+02:00`, `T1020`. */
export function parseIsoTime(text: string): TimeOfDay | undefined {
  const parsed = parseTemporal(text);
  return parsed instanceof TimeOfDay ? parsed : undefined;
}

/**
 * A text as a timestamp where a column asks for one (spec dlt-core 3.5): a date and a time, a date (its midnight, naive), or
 * a number of seconds since 1970 in UTC. A bare time is none.
 */
export function parseTimestampLoose(text: string): Timestamp | undefined {
  const parsed = parseTemporal(text);
  if (parsed instanceof TimeOfDay) return undefined;
  if (parsed instanceof CalendarDate) return timestampOf(parsed.days, 0);
  if (parsed !== undefined) return parsed;
  const seconds = pythonFloat(text);
  return seconds === undefined ? undefined : timestampFromSeconds(seconds);
}

/** Seconds since 1970 as a moment in UTC, rounded to the microsecond as Python does; years outside 1 to 9999 give none. */
export function timestampFromSeconds(seconds: number): Timestamp | undefined {
  if (!Number.isFinite(seconds)) return undefined;
  const whole = Math.trunc(seconds);
  const micros = roundHalfEven((seconds - whole) * microsPerSecond);
  const days = Math.floor(whole / 86_400);
  if (days < minDay - 1 || days > maxDay) return undefined;
  // the fraction of a negative number may reach into the day before, one of nearly 1 into the day after
  const microsOfDay = (whole - days * 86_400) * microsPerSecond + micros;
  const carry = Math.floor(microsOfDay / microsPerDay);
  const day = days + carry;
  return day < minDay || day > maxDay ? undefined : timestampOf(day, microsOfDay - carry * microsPerDay, 0);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Nearly every text of a source fails here, at its first character. */
function canBeginDate(text: string): boolean {
  const code = text.charCodeAt(0);
  return (code >= 48 && code <= 57) || code > 127;
}

function parseTemporal(text: string): Temporal | undefined {
  return parseIso8601(text) ?? parseCommon(text);
}

// --- ISO 8601, as far as pendulum reads it

/** Where the scanner stands in the text. */
interface Cursor {
  readonly text: string;
  at: number;
}

function parseIso8601(text: string): Temporal | undefined {
  const cursor: Cursor = { text, at: 0 };
  if (text[0] === "T") return scanTime(cursor, undefined, false);
  const hour = digits(cursor, 2);
  if (hour === undefined) return undefined;
  if (text[2] === ":") return scanClock(cursor, undefined, hour, true);
  const century = hour * 100;
  const yearOfCentury = digits(cursor, 2);
  if (yearOfCentury === undefined) return undefined;
  const year = century + yearOfCentury;
  const extended = text[4] === "-";
  const days = extended ? scanExtendedDate(cursor, year) : scanCompactDate(cursor, year);
  if (days === undefined || days < minDay || days > maxDay) return undefined;
  return cursor.at === text.length ? new CalendarDate(days) : scanTime(cursor, days, extended);
}

/** What follows `YYYY-`: `MM`, `MM-DD`, `DDD`, `Www` or `Www-D`. */
function scanExtendedDate(cursor: Cursor, year: number): number | undefined {
  cursor.at += 1;
  if (current(cursor) === "W") {
    cursor.at += 1;
    const week = digits(cursor, 2);
    if (atDateEnd(cursor)) return daysFromWeek(year, week, 1);
    if (current(cursor) !== "-") return undefined;
    cursor.at += 1;
    return daysFromWeek(year, week, digits(cursor, 1));
  }
  const month = digits(cursor, 2);
  if (atDateEnd(cursor)) return daysFromParts(year, month, 1);
  if (current(cursor) !== "-") return daysFromOrdinal(year, month, digits(cursor, 1));
  cursor.at += 1;
  return daysFromParts(year, month, digits(cursor, 2));
}

/** What follows `YYYY`: `MMDD`, `DDD`, `Www` or `WwwD`. */
function scanCompactDate(cursor: Cursor, year: number): number | undefined {
  if (current(cursor) === "W") {
    cursor.at += 1;
    const week = digits(cursor, 2);
    return daysFromWeek(year, week, atDateEnd(cursor) ? 1 : digits(cursor, 1));
  }
  const month = digits(cursor, 2);
  const next = digits(cursor, 1);
  if (atDateEnd(cursor)) return daysFromOrdinal(year, month, next);
  const last = digits(cursor, 1);
  return next === undefined || last === undefined ? undefined : daysFromParts(year, month, next * 10 + last);
}

/** `T` or a blank, and the clock after it. */
function scanTime(cursor: Cursor, days: number | undefined, extended: boolean): Temporal | undefined {
  const separator = current(cursor);
  if (separator !== "T" && separator !== " ") return undefined;
  cursor.at += 1;
  const hour = digits(cursor, 2);
  return hour === undefined ? undefined : scanClock(cursor, days, hour, extended);
}

/** What follows the hour: `:MM`, `:MM:SS.f` or `MM`, `MMSS.f`, and an offset. */
function scanClock(cursor: Cursor, days: number | undefined, hour: number, extended: boolean): Temporal | undefined {
  let minute: number | undefined = 0;
  let second: number | undefined = 0;
  let micros: number | undefined = 0;
  if (!atOffset(cursor)) {
    const colons = current(cursor) === ":";
    if (!colons && extended) return undefined;
    if (colons) cursor.at += 1;
    minute = digits(cursor, 2);
    if (minute !== undefined && !atOffset(cursor)) {
      // a compact date goes with `10:20`, but not with `10:20:30`
      if (colons && (!extended || current(cursor) !== ":")) return undefined;
      if (colons) cursor.at += 1;
      second = digits(cursor, 2);
      micros = scanFraction(cursor);
    }
  }
  const offset = scanOffset(cursor);
  if (offset === null || cursor.at !== cursor.text.length) return undefined;
  return temporalOf(days, hour, minute, second, micros, offset);
}

/** `.123` or `,123` in microseconds; nothing is 0, a separator without a digit `undefined`. */
function scanFraction(cursor: Cursor): number | undefined {
  const separator = current(cursor);
  if (separator !== "." && separator !== ",") return 0;
  const start = cursor.at + 1;
  let at = start;
  let micros = 0;
  for (let code = cursor.text.charCodeAt(at); code >= 48 && code <= 57; code = cursor.text.charCodeAt(at)) {
    if (at - start < 6) micros = micros * 10 + code - 48;
    at += 1;
  }
  cursor.at = at;
  return at === start ? undefined : micros * 10 ** Math.max(0, 6 - (at - start));
}

/** `Z`, `+HH`, `+HHMM`, `+HH:MM` (and, as pendulum has it, `+HH:`) in minutes; `undefined`: none; `null`: a wrong one. */
function scanOffset(cursor: Cursor): number | undefined | null {
  const sign = current(cursor);
  if (sign === "Z") {
    cursor.at += 1;
    return 0;
  }
  if (sign !== "+" && sign !== "-") return undefined;
  cursor.at += 1;
  const hours = digits(cursor, 2);
  if (current(cursor) === ":") cursor.at += 1;
  const minutes = cursor.at === cursor.text.length ? 0 : digits(cursor, 2);
  if (hours === undefined || minutes === undefined) return null;
  const offset = hours * 60 + minutes;
  if (offset >= 24 * 60) return null;
  return sign === "-" && offset !== 0 ? -offset : offset;
}

function current(cursor: Cursor): string | undefined {
  return cursor.text[cursor.at];
}

function atDateEnd(cursor: Cursor): boolean {
  const character = current(cursor);
  return character === undefined || character === " " || character === "T";
}

function atOffset(cursor: Cursor): boolean {
  const character = current(cursor);
  return character === undefined || character === "Z" || character === "+" || character === "-";
}

/** The number that the next `count` characters are, when they are all ASCII digits. */
function digits(cursor: Cursor, count: number): number | undefined {
  let value = 0;
  const end = cursor.at + count;
  for (; cursor.at < end; cursor.at += 1) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (!(code >= 48 && code <= 57)) return undefined;
    value = value * 10 + code - 48;
  }
  return value;
}

// --- The common forms that pendulum reads beside ISO 8601

const commonDate = String.raw`(?<year>\p{Nd}{4})(?:[/:]?(?<month>\p{Nd}{2})[/:]?(?<day>\p{Nd}{2}))?`;
const commonTime = String.raw` ?(?<hour>\p{Nd}{1,2}):(?<minute>\p{Nd}{1,2})(?::(?<second>\p{Nd}{1,2}))?(?:[.|,](?<fraction>\p{Nd}{1,9}))?`;
const common = new RegExp(`^(?:${commonDate})?(?<time>${commonTime})?$`, "u");

function parseCommon(text: string): Temporal | undefined {
  const parts = text === "" ? undefined : common.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { year, month, day, time, hour, minute, second, fraction } = parts;
  const days = year === undefined ? undefined : daysFromParts(number(year), number(month ?? "1"), number(day ?? "1"));
  if (year !== undefined && days === undefined) return undefined;
  if (time === undefined) return days === undefined ? undefined : new CalendarDate(days);
  const micros = fraction === undefined ? 0 : Number(asciiDigits(fraction).slice(0, 6).padEnd(6, "0"));
  return temporalOf(days, number(hour ?? ""), number(minute ?? ""), number(second ?? "0"), micros, undefined);
}

function number(text: string): number {
  return Number(asciiDigits(text));
}

// --- From parts to values

function daysFromParts(year: number, month: number | undefined, day: number | undefined): number | undefined {
  if (month === undefined || day === undefined || !isDate(year, month, day)) return undefined;
  return daysFromDate(year, month, day);
}

function daysFromOrdinal(year: number, tens: number | undefined, ones: number | undefined): number | undefined {
  if (tens === undefined || ones === undefined || year < minYear || year > maxYear) return undefined;
  const ordinal = tens * 10 + ones;
  return ordinal < 1 || ordinal > daysInYear(year) ? undefined : daysFromDate(year, 1, 1) + ordinal - 1;
}

/** Week 1 is the one with 4 January in it. Week 0 and day 0 count backwards, as in pendulum. */
function daysFromWeek(year: number, week: number | undefined, day: number | undefined): number | undefined {
  if (week === undefined || day === undefined || day > 7) return undefined;
  if (week > (isLongYear(year) ? 53 : 52)) return undefined;
  const fourth = daysFromDate(year, 1, 4);
  return fourth - isoWeekday(fourth) + (week - 1) * 7 + day;
}

/** Monday is 1. 1970-01-01 was a Thursday. */
function isoWeekday(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

function isLongYear(year: number): boolean {
  return isoWeekday(daysFromDate(year, 1, 1)) === 4 || isoWeekday(daysFromDate(year, 12, 31)) === 4;
}

function temporalOf(
  days: number | undefined,
  hour: number,
  minute: number | undefined,
  second: number | undefined,
  micros: number | undefined,
  offset: number | undefined,
): Temporal | undefined {
  if (minute === undefined || second === undefined || micros === undefined) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const microsOfDay = ((hour * 60 + minute) * 60 + second) * microsPerSecond + micros;
  return days === undefined ? new TimeOfDay(microsOfDay, offset) : timestampOf(days, microsOfDay, offset);
}
