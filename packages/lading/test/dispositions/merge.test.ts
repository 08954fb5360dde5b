import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { afterLoad, type Entry, type How } from "../../src/testing/destinations/document-model.ts";
import { anyDocument, fullDocument, sorted, storedDocuments, type Document } from "./documents.ts";

const hintsOf = {
  append: { writeDisposition: "append", primaryKey: "id" },
  replace: { writeDisposition: "replace", primaryKey: "id" },
  "delete-insert": { writeDisposition: { disposition: "merge", strategy: "delete-insert" }, primaryKey: "id" },
  upsert: { writeDisposition: { disposition: "merge", strategy: "upsert" }, primaryKey: "id" },
  "insert-only": { writeDisposition: { disposition: "merge", strategy: "insert-only" }, primaryKey: "id" },
  cdc: { writeDisposition: { disposition: "merge", strategy: "cdc" }, primaryKey: "id" },
} as const satisfies Readonly<Record<How, ResourceHints>>;
async function holds(loads: readonly (readonly [How, readonly Document[]])[]): Promise<void> {
  await using p = await place();
  let state: readonly Entry[] = [];
  for (const [how, rows] of loads) {
    await p.run(rowsOf(rows, hintsOf[how]));
    state = afterLoad(state, how, rows);
  }
  const stored = await storedDocuments(p);
  expect(sorted(stored.map(({ document }) => document))).toEqual(sorted(state.map(({ document }) => document)));
  const ids = stored.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
}

const rows = fc.array(anyDocument, { maxLength: 6 });
const numRuns = 12;

describe("what is loaded is what the disposition means, with nested rows", () => {
  test.each(["delete-insert", "upsert", "insert-only", "cdc"] as const)(
    "%s",
    async (how) => {
      await fc.assert(
        fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 3 }), async (loads) => {
          await holds([[how, [fullDocument]], ...loads.map((load) => [how, load] as const)]);
        }),
        { numRuns },
      );
    },
    240_000,
  );

  test("also where it changes from load to load", async () => {
    const how = fc.constantFrom(...(Object.keys(hintsOf) as How[]));
    await fc.assert(
      fc.asyncProperty(how, fc.array(fc.tuple(how, rows), { minLength: 1, maxLength: 4 }), async (first, loads) => {
        await holds([[first, [fullDocument]], ...loads]);
      }),
      { numRuns: 2 * numRuns },
    );
  }, 480_000);
});
