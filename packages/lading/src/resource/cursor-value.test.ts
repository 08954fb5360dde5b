import { describe, expect, test } from "vitest";
import { comparable, compare } from "./cursor-value.ts";

const order = (a: unknown, b: unknown): number => Math.sign(compare(comparable(a, "a"), comparable(b, "b")));

describe("cursors are compared", () => {
  test.each([
    ["2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00Z", 0],
    ["2024-01-01T00:00:00.000001Z", "2024-01-01T00:00:00Z", 1],
    ["2024-01-01 00:00:00", "2024-01-01T00:00:00Z", 0],
    ["2024-01-01T01:00:00+02:00", "2024-01-01T00:00:00Z", -1],
  ])("as instants where both are texts with a time: %s, %s", (a, b, expected) => expect(order(a, b)).toBe(expected));

  test.each([
    ["2024-01-01", "2024-01-01T00:00:00Z", -1],
    ["2024-01-02", "2024-01-01T23:00:00-02:00", 1],
    ["2024-01-02", "2024-01-10", -1],
    ["2024-1-10", "2024-1-9", -1],
  ])("as texts where one has no time, as dlt does: %s, %s", (a, b, expected) => expect(order(a, b)).toBe(expected));

  test("a Date with a text of either kind as instants", () => {
    const date = new Date("2024-01-01T00:00:00Z");
    expect(order(date, "2024-01-01T01:00:00+01:00")).toBe(0);
    expect(order(date, "2024-01-01")).toBe(0);
  });
});
