import { duckdb } from "lading/destinations/duckdb";
import { destinationSuite, type DestinationPlace, type DestinationSubject } from "lading/testing";
import { expect, test } from "vitest";
import type { Destination } from "../../src/destination/destination.ts";

const reasons = { statements: "none", "read-only account": "none", line: "none", "replace: staging-optimized": "none" };

function subject(
  missing: DestinationSubject["missing"] & object,
  more: Partial<DestinationPlace> = {},
): DestinationSubject {
  return {
    name: "mine",
    missing,
    open: async () => ({ destination: duckdb("never-opened.duckdb"), cleanup: async () => {}, ...more }),
  };
}

const named = (name: string, of: DestinationSubject) => destinationSuite(of).find((one) => one.name.includes(name))!;

test("each case has a name of its own, and a case that is left out has a reason", () => {
  const suite = destinationSuite(subject(reasons));
  expect(new Set(suite.map(({ name }) => name)).size).toBe(suite.length);
  expect(suite.length).toBeGreaterThan(140);
  expect(suite.filter(({ skip }) => skip !== undefined).map(({ skip }) => skip)).toEqual(
    expect.arrayContaining(["no line: none", "no statements: none"]) as string[],
  );
});

test("what is neither there nor said to be missing makes its cases fail", async () => {
  const { line: _, ...others } = reasons;
  await expect(named("COMMIT that does not arrive", subject(others)).run()).rejects.toThrow(
    '"mine" has no line, and does not say why',
  );
});

test("what is said to be missing and is there makes every case fail", async () => {
  const place = { execute: async () => {} };
  await expect(named("frozen columns", subject(reasons, place)).run()).rejects.toThrow("said to be missing");
  const strategies = subject({ ...reasons, "merge: upsert": "forgotten" });
  await expect(named("frozen columns", strategies).run()).rejects.toThrow("merge: upsert");
});

test("a place is removed when its case ends, however it ends", async () => {
  let cleaned = 0;
  const broken: Destination = {
    ...duckdb("never-opened.duckdb"),
    connect: () => Promise.reject(new Error("out of order")),
  };
  const one = named("frozen columns", subject(reasons, { destination: broken, cleanup: async () => void cleaned++ }));
  await expect(one.run()).rejects.toThrow("out of order");
  expect(cleaned).toBe(1);
});
