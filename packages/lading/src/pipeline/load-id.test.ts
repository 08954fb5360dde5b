import fc from "fast-check";
import { expect, test } from "vitest";
import { nextLoadId } from "./load-id.ts";

const microseconds = fc.integer({ min: 1_600_000_000_000_000, max: 4_000_000_000_000_000 });
const idOf = (at: number): string =>
  `${Math.floor(at / 1e6)}.${
    String(at % 1e6)
      .padStart(6, "0")
      .replace(/0+$/, "") || "0"
  }`;

test("a load id is the clock in seconds, as Python prints it", () => {
  expect(nextLoadId(1_700_000_000_000, undefined, 0)).toBe("1700000000.0");
  expect(nextLoadId(1_700_000_000_120, "1600000000.5", 0)).toBe("1700000000.12");
  expect(nextLoadId(1_700_000_000_120, undefined, 0.25)).toBe("1700000000.120249");
  expect(nextLoadId(1_700_000_000_120, undefined, 0.999_999)).toBe("1700000000.120997");
});

test("a load id is later than the newest, as number and as text, whatever the clock says", () => {
  fc.assert(
    fc.property(microseconds, microseconds, fc.double({ min: 0, max: 0.999, noNaN: true }), (newest, clock, chance) => {
      const id = nextLoadId(clock / 1000, idOf(newest), chance);
      expect(Number(id)).toBeGreaterThan(Number(idOf(newest)));
      expect(id > idOf(newest)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("a load id is later than one of dlt's, which may have seven digits", () => {
  const id = nextLoadId(0, "1763747592.1234567", 0);
  expect(id > "1763747592.1234567").toBe(true);
  expect(Number(id)).toBeGreaterThan(1763747592.1234567);
});
