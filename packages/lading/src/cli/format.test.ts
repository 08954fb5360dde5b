import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth, formatAmount, formatBytes, formatDuration, formatTable, printable, truncate } from "./format.ts";

describe("for people", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [11_234_567, "11.2 MB"],
    [999_950, "1.0 MB"],
    [5.5e14, "550 TB"],
    [150_000, "150 kB"],
  ])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    [0, "0 ms"],
    [99, "99 ms"],
    [100, "0.1 s"],
    [8149, "8.1 s"],
    [59_949, "59.9 s"],
    [59_950, "1 m 00 s"],
    [125_000, "2 m 05 s"],
    [3_599_500, "1 h 00 m"],
    [10_920_000, "3 h 02 m"],
  ])("%d ms are %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  test("amounts have separators and a plural", () => {
    expect([formatAmount(1, "row"), formatAmount(38_112, "row")]).toEqual(["1 row", "38,112 rows"]);
  });

  test("tables are aligned by what is seen", () => {
    expect(
      formatTable(
        [
          ["表", "1", "x"],
          ["orders", "12"],
        ],
        "lr",
      ),
    ).toEqual(["表       1  x", "orders  12"]);
    expect(formatTable([])).toEqual([]);
  });
});

test("what moves the cursor is taken out of a text", () => {
  expect(printable("a\u{1b}[2Jb\r\nc\td\u{9b}")).toBe("a\u{fffd}[2Jb\u{fffd}\nc\td\u{fffd}");
});

test("a cut text never takes more columns than there are (law)", () => {
  const texts = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(texts, fc.nat(40), (text, columns) => {
      const cut = truncate(text, columns);
      expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
      expect(cut === text).toBe(displayWidth(text) <= columns);
    }),
  );
});
