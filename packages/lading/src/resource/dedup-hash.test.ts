import { describe, expect, test } from "vitest";
import { ExactFloat, type Exact } from "../util/exact.ts";
import { parseExact } from "../util/json.ts";
import { dedupHash, hashLookup } from "./dedup-hash.ts";

describe("dedupHash", () => {
  test.each([
    ["[1]", "Lj3E34tIJ/Zx"],
    ["1", "669czW83KR00"],
    ['"a"', "HXVczKyPrzLo"],
    ['{"b":1.0,"a":null}', "bQayWMVGxKdO"],
    ["2", "Tp44cKMYfAuJ"],
    ['{"id":3,"at":"2024-01-03T00:00:00Z"}', "8CYBRHCdxE/3"],
  ])("of %s is dlt's", (text, expected) => expect(dedupHash(parseExact(text), false)).toBe(expected));

  test.each([
    ["2", "Tp44cKMYfAuJiBfxLAqu"],
    ["5", "tIXXf9wiHssyAgHEzQnu"],
    ['[1,"x"]', "T2u7rnGEfmXm0tVkRBws"],
    ['{"id":2,"upd":2}', "bJ03fTUxyfsRCoawnKba"],
    ['{"id":22,"upd":2}', "T9GHmyPBwR8kUda3yKlh"],
  ])("of %s is that of older dlt, in the old form", (text, expected) =>
    expect(dedupHash(parseExact(text), true)).toBe(expected),
  );

  test("takes dates as microseconds", () => {
    const row = (at: Exact): Exact =>
      new Map<string, Exact>([
        ["id", 1n],
        ["ts", at],
      ]);
    const at = new Date("2024-01-02T03:04:05.678Z");
    expect(dedupHash(row(at), false)).toBe(dedupHash(row(1704164645678000n), false));
    expect(dedupHash(row(1704164645000678n), false)).toBe("7n8uUPvFrqZp");
    expect(dedupHash(row(at), true)).toBe(dedupHash(row("2024-01-02T03:04:05.678000Z"), true));
  });

  test("tells a float from an integer", () => {
    expect(dedupHash(new ExactFloat(1, "1.0"), false)).not.toBe(dedupHash(1n, false));
  });
});

describe("hashLookup", () => {
  const row = (at: Exact): Exact =>
    new Map<string, Exact>([
      ["id", 1n],
      ["ts", at],
    ]);
  const at = new Date("2024-01-02T03:04:05.678Z");

  test("compares each hash by its own length", () => {
    const isKnown = hashLookup([dedupHash(1n, false), dedupHash(2n, true)]);
    expect([1n, 2n, 3n].map((key) => isKnown(key))).toEqual([true, true, false]);
  });

  test("knows nothing where nothing was stored", () => expect(hashLookup([])(1n)).toBe(false));

  test.each(["Z", "+00:00", ""])("knows a date that older dlt wrote with the zone '%s'", (zone) => {
    const stored = dedupHash(row(`2024-01-02T03:04:05.678000${zone}`), true);
    expect(hashLookup([stored])(row(at))).toBe(true);
    expect(hashLookup([stored])(row(new Date(0)))).toBe(false);
  });
});
