import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant, parseInstant } from "./instant.ts";

describe("parseInstant", () => {
  test.each([
    ["1970-01-01", 0, 0],
    ["1970-01-02T00:00:01Z", 86_401, 0],
    ["2024-02-29 12:00", 1_709_208_000, 0],
    ["2024-01-01T00:30:00+02:00", 1_704_061_800, 0],
    ["2024-01-01T00:30:00-0230", 1_704_078_000, 0],
    ["1969-12-31T23:59:59.5+00", -1, 500_000_000],
    ["2024-01-01T00:00:00.123456789Z", 1_704_067_200, 123_456_789],
  ])("reads %s", (text, seconds, nanos) => {
    expect(parseInstant(text)).toMatchObject({ seconds, nanos });
  });

  test.each([
    "",
    "2024",
    "2024-01",
    "2024-02-30",
    "2024-13-01",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:00:60Z",
    "0000-01-01",
  ])("leaves %s alone", (text) => expect(parseInstant(text)).toBeUndefined());

  test("agrees with Date, and writes back what it has read", () => {
    const date = fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, (at) => {
        const text = at.toISOString();
        const read = parseInstant(text);
        expect(read && read.seconds * 1000 + read.nanos / 1e6).toBe(at.getTime());
        expect(read && formatInstant(read, read)).toBe(text);
      }),
    );
  });

  test("writes in the shape of another text", () => {
    for (const text of ["2024-05-06", "2024-05-06T07:08", "2024-05-06 07:08:09,25+02:00", "2024-05-06T07:08:09-0330"]) {
      const read = parseInstant(text);
      expect(read && formatInstant(read, read)).toBe(text);
    }
  });
});
