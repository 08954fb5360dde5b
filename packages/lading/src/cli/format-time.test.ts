import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAge, formatTime } from "./format-time.ts";

const now = Date.UTC(2026, 10, 21, 23, 30, 0);

describe("a time", () => {
  test.each([
    ["Europe/Berlin", "2026-11-21T19:53:04.123Z", "2026-11-21 20:53:04 +01:00 (19:53:04 UTC), 3 hours ago"],
    ["Europe/Berlin", "2026-11-21T23:10:00Z", "2026-11-22 00:10:00 +01:00 (2026-11-21 23:10:00 UTC), 20 minutes ago"],
    ["Asia/Kolkata", "2026-11-19T19:53:04Z", "2026-11-20 01:23:04 +05:30 (2026-11-19 19:53:04 UTC), 2 days ago"],
    ["America/Los_Angeles", "2026-11-21T23:29:59Z", "2026-11-21 15:29:59 -08:00 (23:29:59 UTC), 1 second ago"],
    ["UTC", "2026-11-21T23:29:00Z", "2026-11-21 23:29:00 UTC, 60 seconds ago"],
  ])("in %s: %s", (timeZone, at, text) => expect(formatTime(at, { now, timeZone })).toBe(text));

  test("that is none is unknown", () => {
    expect(formatTime(undefined, { now })).toBe("unknown");
    expect(formatTime("yesterday", { now })).toBe("unknown");
  });
});

describe("an age", () => {
  test("has one unit, and never more of it than the next one down would be read", () => {
    fc.assert(
      fc.property(fc.nat(10 ** 12), (milliseconds) => {
        expect(formatAge(milliseconds)).toMatch(/^(?:\d{1,3} (?:second|minute|hour)|[\d,]+ day)s? ago$/);
      }),
    );
  });

  test("of what is to come says that a clock is wrong", () => {
    expect(formatAge(-500)).toBe("0 seconds ago");
    expect(formatAge(-3_600_000)).toBe("in the future: one of the clocks is wrong");
  });
});
