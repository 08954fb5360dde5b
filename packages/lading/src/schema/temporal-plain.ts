import { daysInMonth } from "./temporal-calendar.ts";

/**
 * Whether a text is a timestamp that DuckDB and Postgres, with UTC as the zone of their session, read as it stands to the
 * microsecond that dlt would store: `YYYY-MM-DD`, `T` or a blank, `HH:MM:SS`, up to six digits of a fraction, then nothing,
 * `Z` or `±HH:MM`. Such a text needs no parsing on its way into a column with a time zone. (For a column without one it has
 * to be parsed: DuckDB drops an offset there without converting.)
 *
 * `false` says nothing: {@link parseIsoDateTime} has to look. It also comes for an offset of 16 hours or more, which Postgres
 * refuses, and for an offset in the years 1 and 9999, where the moment in UTC may lie outside of what Python can hold.
 */
export function isPlainIsoTimestamp(text: string): boolean {
  const length = text.length;
  if (length < 19 || length > 32) return false;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return false;
  const separator = text.charCodeAt(10);
  if (separator !== 84 && separator !== 32) return false;

  const year = pair(text, 0) * 100 + pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  // a pair that is no number is NaN, and every comparison with it is false
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false;
  if (day > 28 && !(day <= daysInMonth(year, month))) return false;
  if (!(pair(text, 11) <= 23 && pair(text, 14) <= 59 && pair(text, 17) <= 59)) return false;

  let at = 19;
  if (text.charCodeAt(at) === 46) {
    at += 1;
    const start = at;
    while (at < length && isDigit(text.charCodeAt(at))) at += 1;
    if (at === start || at - start > 6) return false;
  }
  if (at === length) return true;
  const sign = text.charCodeAt(at);
  if (sign === 90) return at + 1 === length;
  if (sign !== 43 && sign !== 45) return false;
  if (at + 6 !== length || text.charCodeAt(at + 3) !== 58) return false;
  return year > 1 && year < 9999 && pair(text, at + 1) <= 15 && pair(text, at + 4) <= 59;
}

/** The number that two digits make, or NaN. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? tens * 10 + ones - 528 : Number.NaN;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
