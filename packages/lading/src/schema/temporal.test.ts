import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { dateFromDays, daysFromDate, daysInMonth, maxDay, minDay } from "./temporal-calendar.ts";
import {
  CalendarDate,
  isPlainIsoTimestamp,
  parseIsoDate,
  parseIsoDateTime,
  parseIsoTime,
  parseTimestampLoose,
  TimeOfDay,
  Timestamp,
  timestampFromSeconds,
  timestampOf,
  timestampOfDate,
} from "./temporal.ts";

interface Vectors {
  /** A text, what it is, and what it is as a timestamp (date and time columns are tested with the coercions). */
  readonly texts: readonly (readonly [text: string, is: string | null, timestamp: string | null])[];
}

const vectors = JSON.parse(readFileSync(new URL("temporal.vectors.json", import.meta.url), "utf8")) as Vectors;

function shown(text: string): string | null {
  const timestamp = parseIsoDateTime(text)?.toIso();
  if (timestamp !== undefined) return `timestamp:${timestamp}`;
  const date = parseIsoDate(text)?.toIso();
  if (date !== undefined) return `date:${date}`;
  const time = parseIsoTime(text)?.toIso();
  return time === undefined ? null : `time:${time}`;
}

describe("texts with dates and times", () => {
  it("are what dlt takes them for", () => {
    for (const [text, is] of vectors.texts) expect([text, shown(text)]).toEqual([text, is]);
  });

  it("coerce to the timestamps that dlt makes of them", () => {
    for (const [text, , timestamp] of vectors.texts) {
      const parsed = parseTimestampLoose(text);
      expect([text, parsed === undefined ? null : `timestamp:${parsed.toIso()}`]).toEqual([text, timestamp]);
    }
  });

  it("with an offset of a day or more are no timestamps (dlt detects 24:00, and fails on it)", () => {
    expect(parseIsoDateTime("2024-01-02T10:20:30+24:00")).toBeUndefined();
  });

  it("are read at once, however long", () => {
    for (const text of ["9".repeat(200_000), `2024-01-02T03:04:05.${"1".repeat(200_000)}x`, "٣".repeat(200_000)]) {
      expect(parseIsoDateTime(text)).toBeUndefined();
    }
  });

  it("come back as they were from any timestamp", () => {
    fc.assert(
      fc.property(anyDay, anyMicros, anyOffset, (days, micros, offset) => {
        const timestamp = timestampOf(days, micros, offset);
        expect(parseIsoDateTime(timestamp.toIso())).toEqual(timestamp);
        expect(parseIsoDateTime(timestamp.toCell())).toEqual(timestamp);
        expect(parseIsoDate(new CalendarDate(days).toIso())).toEqual(new CalendarDate(days));
        expect(parseIsoTime(new TimeOfDay(micros, offset).toIso())).toEqual(new TimeOfDay(micros, offset));
      }),
    );
  });
});

const anyDay = fc.integer({ min: minDay, max: maxDay });
const anyMicros = fc.integer({ min: 0, max: 86_400_000_000 - 1 });
const anyOffset = fc.option(fc.integer({ min: -1439, max: 1439 }), { nil: undefined });

describe("a timestamp", () => {
  it("is written as Python's isoformat() does", () => {
    expect(timestampOf(19_724, 11_045_000_006, 0).toIso()).toBe("2024-01-02T03:04:05.000006+00:00");
    expect(timestampOf(19_724, 11_045_000_000).toIso()).toBe("2024-01-02T03:04:05");
    expect(timestampOf(minDay, 0, -30).toIso()).toBe("0001-01-01T00:00:00-00:30");
    expect(timestampOf(-1, 86_399_999_999, 330).toIso()).toBe("1969-12-31T23:59:59.999999+05:30");
  });

  it("knows its moment in UTC, a naive one counting as UTC", () => {
    expect(new Timestamp(0n, 60).instant).toBe(-3_600_000_000n);
    expect(new Timestamp(5n).instant).toBe(5n);
    expect(new Timestamp(0n, 60).utcDays).toBe(-1);
  });

  it("agrees with Date where that can hold it", () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date("0001-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59.999Z"),
          noInvalidDate: true,
        }),
        (date) => {
          const timestamp = timestampOfDate(date);
          expect(timestamp?.toIso().slice(0, 19)).toBe(date.toISOString().slice(0, 19));
          expect(parseIsoDateTime(date.toISOString())).toEqual(timestamp);
        },
      ),
    );
    expect(timestampOfDate(new Date(Number.NaN))).toBeUndefined();
    expect(timestampOfDate(new Date(8.64e15))).toBeUndefined();
  });

  it("is not representable where its zone takes it out of the years 1 to 9999", () => {
    expect(timestampOf(minDay, 0, 60).isRepresentable).toBe(false);
    expect(timestampOf(minDay, 0, -60).isRepresentable).toBe(true);
    expect(timestampOf(maxDay, 86_399_999_999, -1).isRepresentable).toBe(false);
    expect(timestampOf(maxDay + 1, 0).isRepresentable).toBe(false);
  });

  it("comes from seconds rounded half to even, as in Python", () => {
    expect(timestampFromSeconds(1.0000005)?.micros).toBe(1_000_001n);
    expect(timestampFromSeconds(1.0000015)?.micros).toBe(1_000_001n);
    expect(timestampFromSeconds(2.5e-6)?.micros).toBe(2n);
    expect(timestampFromSeconds(-0.5)?.toIso()).toBe("1969-12-31T23:59:59.500000+00:00");
    expect(timestampFromSeconds(Number.NaN)).toBeUndefined();
    expect(timestampFromSeconds(253_402_300_800)).toBeUndefined();
  });
});

describe("the calendar", () => {
  it("turns days into dates and back, for every day of the years 1 to 9999", () => {
    expect(daysFromDate(1, 1, 1)).toBe(minDay);
    expect(daysFromDate(9999, 12, 31)).toBe(maxDay);
    fc.assert(
      fc.property(anyDay, (days) => {
        const { year, month, day } = dateFromDays(days);
        expect(daysFromDate(year, month, day)).toBe(days);
        expect(new CalendarDate(days).toIso()).toBe(new Date(days * 86_400_000).toISOString().slice(0, 10));
      }),
    );
  });

  it("has no 13th month", () => {
    expect(daysInMonth(2024, 13)).toBe(0);
    expect([daysInMonth(2000, 2), daysInMonth(1900, 2), daysInMonth(2024, 2)]).toEqual([29, 28, 29]);
  });
});

describe("isPlainIsoTimestamp", () => {
  it.each([
    "2024-01-02T03:04:05",
    "2024-01-02 03:04:05",
    "2024-02-29T23:59:59.1",
    "2024-01-02T03:04:05.123456Z",
    "2024-01-02T03:04:05+02:00",
    "2024-01-02T03:04:05.5-15:59",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999",
  ])("takes %s", (text) => {
    expect(isPlainIsoTimestamp(text)).toBe(true);
  });

  it.each([
    "",
    "2024-01-02",
    "2024-01-02T03:04",
    "2024-01-02t03:04:05",
    "2024-01-02T03:04:05z",
    "2024-01-02T03:04:05.",
    "2024-01-02T03:04:05.1234567",
    "2024-01-02T03:04:05,5",
    "2024-01-02T03:04:05+0200",
    "2024-01-02T03:04:05+02",
    "2024-01-02T03:04:05+02:60",
    "2024-01-02T03:04:05+16:00",
    "2024-01-02T03:04:05 Z",
    "2024-01-02T24:00:00",
    "2024-01-02T03:60:05",
    "2024-01-02T03:04:60",
    "2023-02-29T03:04:05",
    "2024-13-02T03:04:05",
    "2024-00-02T03:04:05",
    "2024-01-00T03:04:05",
    "2024-04-31T03:04:05",
    "0000-01-02T03:04:05",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "20240102T030405.00",
    "2024-01-02T03:04:05Zx",
  ])("leaves %s to the parser", (text) => {
    expect(isPlainIsoTimestamp(text)).toBe(false);
  });

  const nearlyPlain = fc
    .tuple(
      fc.stringMatching(/^[0-9]{4}-[0-3][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]$/),
      fc.constantFrom("", ".1", ".123456", ".1234567", "."),
      fc.constantFrom("", "Z", "+02:00", "-15:59", "+16:00", "+02", "z"),
    )
    .map((parts) => parts.join(""));

  it("takes only texts that dlt detects, and all of those in its shape", () => {
    fc.assert(
      fc.property(nearlyPlain, (text) => {
        const inShape = /^.{16}:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?$/.test(text);
        const refused = /\+16:00$|^(0001|9999)/.test(text);
        const detected = parseIsoDateTime(text)?.isRepresentable === true;
        fc.pre(!inShape || !refused);
        expect([text, isPlainIsoTimestamp(text)]).toEqual([text, inShape && detected]);
      }),
      { numRuns: 2000 },
    );
  });
});
