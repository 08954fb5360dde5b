import { describe, expect, test } from "vitest";
import { compileCursorPath, fieldOfPath } from "./cursor-path.ts";

describe("compileCursorPath", () => {
  const row = { id: 1, meta: { at: 2, "a.b": 3, list: [{ at: 4 }] }, "x.y": 5, "updated at": 6, "up-dated": 7 };
  test.each([
    ["id", 1],
    ["$.id", 1],
    ["meta.at", 2],
    ["meta['a.b']", 3],
    ['$["meta"]["a.b"]', 3],
    ["meta.list[0].at", 4],
    ["x.y", 5],
    ["updated at", 6],
    ["up-dated", 7],
    ["nothing", undefined],
    ["meta.nothing.at", undefined],
    ["id.at", undefined],
    ["constructor", undefined],
  ])("%s", (path, expected) => expect(compileCursorPath(path)(row)).toBe(expected));

  test("reads exact rows too", () => {
    expect(compileCursorPath("meta.list[1]")(new Map([["meta", new Map([["list", [1n, 2n]]])]]))).toBe(2n);
  });

  test.each([
    ["items[*].at", { items: [{}, { at: 2 }, { at: 3 }] }, 2],
    ["$.days.*.at", { days: { first: { at: 1 }, second: { at: 2 } } }, 1],
    ["*", [5, 6], 5],
    ["items[*].at", { items: [] }, undefined],
    ["items[*].at", { items: 3 }, undefined],
  ])("takes the first match of %s", (path, given, value) => {
    expect(compileCursorPath(path)(given)).toBe(value);
  });

  test.each(["", "$", "a..b", "a[", "a[?(@.b)]", "$..a"])("refuses %j", (path) => {
    expect(() => compileCursorPath(path)).toThrow("no path of a cursor");
  });

  test("knows which paths are columns", () => {
    expect(["id", "'a.b'", "$.id", "meta.at", "meta[0]", "*"].map(fieldOfPath)).toEqual(["id", "a.b", ...Array(4)]);
  });
});
