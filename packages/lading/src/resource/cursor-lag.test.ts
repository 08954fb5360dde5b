import { describe, expect, test } from "vitest";
import { applyLag } from "./cursor-lag.ts";
import type { CursorValue } from "./cursor-value.ts";

describe("applyLag", () => {
  test.each<[CursorValue, number, "max" | "min", CursorValue | undefined, CursorValue]>([
    [20, 5, "max", undefined, 15],
    [20, 5, "min", undefined, 25],
    [20, 1.5, "max", undefined, 18],
    [2.5, 1, "max", undefined, 1.5],
    [9007199254740995n, 2, "max", undefined, 9007199254740993n],
    [20, 15, "max", 10, 10],
    [20, 15, "min", 30, 30],
    [new Date("2024-01-02T00:00:00Z"), 3600, "max", undefined, new Date("2024-01-01T23:00:00Z")],
    ["2024-01-10", 2, "max", undefined, "2024-01-08"],
    ["2024-03-01", 1, "max", undefined, "2024-02-29"],
    ["2024-01-10T12:30:00Z", 2, "max", undefined, "2024-01-10T12:29:58Z"],
    ["2024-01-10T12:30:00Z", 2, "max", "2024-01-01T00:00:00Z", "2024-01-10T12:29:58Z"],
    ["2024-01-10T12:30:00Z", 2, "max", "2024-01-01", "2024-01-08T00:00:00Z"],
    ["2024-01-10T12:30:00Z", 2, "min", "2024-02-01", "2024-01-12T23:59:59Z"],
    ["2024-01-10T12:30:00.250+02:00", 0.5, "max", undefined, "2024-01-10T12:29:59.750+02:00"],
    ["2024-01-01T00:00:01Z", 10, "max", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"],
  ])("%s with a lag of %d for %s, from %s, is %s", (value, lag, direction, initial, expected) => {
    expect(applyLag(value, { lag, direction, initial })).toEqual(expected);
  });

  test("refuses texts that are no times", () => {
    expect(() => applyLag("abc", { lag: 1, direction: "max", initial: undefined })).toThrow("ISO time");
  });
});
