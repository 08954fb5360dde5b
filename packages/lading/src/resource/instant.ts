import { daysFromDate, isDate } from "../schema/temporal-calendar.ts";

/** A point in time: seconds since 1970 and nanoseconds within the second. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

/** An ISO 8601 text taken apart, as far as it is needed to write it again in the same shape. */
export interface IsoText extends Instant {
  /** `undefined`: a date without a time. */
  readonly time: { readonly separator: string; readonly seconds: boolean; readonly fraction: string } | undefined;
  /** As it stands: empty, `Z`, `+02:00`, `+0200`, `+02`. */
  readonly zone: string;
  /** Of the zone, in minutes. */
  readonly offset: number;
}

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:([Tt ])(\d\d):(\d\d)(?::(\d\d)([.,]\d{1,9})?)?([Zz]|([+-])(\d\d)(?::?(\d\d))?)?)?$/;

/**
 * Reads an ISO 8601 date, or a date and a time with up to nine digits of a second; no offset means UTC, no time means
 * midnight.
 *
 * @returns `undefined` for every other text, impossible dates among them
 */
export function parseInstant(text: string): IsoText | undefined {
  // Most texts that are no times are told by their first characters.
  if (text.length < 10 || text.charCodeAt(4) !== 45) return undefined;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, separator, hour = "0", minute = "0", second, fraction = "", zone = "", sign, zh, zm] =
    match;
  if (
    !isDate(Number(year), Number(month), Number(day)) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second ?? 0) > 59
  )
    return undefined;
  const days = daysFromDate(Number(year), Number(month), Number(day));
  const offset = sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(zh) * 60 + Number(zm ?? 0));
  return {
    seconds: days * 86_400 + (Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second ?? 0),
    nanos: fraction === "" ? 0 : Number(fraction.slice(1).padEnd(9, "0")),
    time: separator === undefined ? undefined : { separator, seconds: second !== undefined, fraction },
    zone,
    offset,
  };
}

/** Writes an instant in the shape of a text that was read; what the shape has no room for is cut off. */
export function formatInstant(instant: Instant, shape: IsoText): string {
  const wall = new Date((instant.seconds + shape.offset * 60) * 1000).toISOString();
  const date = wall.slice(0, wall.indexOf("T"));
  if (!shape.time) return date;
  const { separator, seconds, fraction } = shape.time;
  const clock = wall.slice(-13, seconds ? -5 : -8);
  const digits = String(instant.nanos)
    .padStart(9, "0")
    .slice(0, fraction.length - 1);
  return `${date}${separator}${clock}${fraction === "" ? "" : fraction.charAt(0) + digits}${shape.zone}`;
}
