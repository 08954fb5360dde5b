import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import {
  anyDocument,
  fullDocument,
  sorted,
  storedDocuments,
  type Document,
  type Item,
  type Part,
} from "./documents.ts";

const hintsOf = {
  append: { writeDisposition: "append", primaryKey: "id" },
  replace: { writeDisposition: "replace", primaryKey: "id" },
  "delete-insert": { writeDisposition: { disposition: "merge", strategy: "delete-insert" }, primaryKey: "id" },
  upsert: { writeDisposition: { disposition: "merge", strategy: "upsert" }, primaryKey: "id" },
  "insert-only": { writeDisposition: { disposition: "merge", strategy: "insert-only" }, primaryKey: "id" },
  cdc: { writeDisposition: { disposition: "merge", strategy: "cdc" }, primaryKey: "id" },
} as const satisfies Readonly<Record<string, ResourceHints>>;
type How = keyof typeof hintsOf;

/** A row that is there. Only where its id is the hash of its key can insert-only find its lists. */
interface Entry {
  readonly document: Document;
  readonly hashed: boolean;
}

/** What each disposition means, in memory. */
function apply(state: readonly Entry[], how: How, rows: readonly Document[]): readonly Entry[] {
  if (rows.length === 0) return how === "replace" ? [] : state;
  if (how === "append") return [...state, ...rows.map((document) => ({ document, hashed: false }))];
  if (how === "replace") return rows.map((document) => ({ document, hashed: false }));
  const came = new Map(rows.map((document) => [document.id, document]));
  if (how === "insert-only") {
    const known = new Set(state.map(({ document }) => document.id));
    return [
      ...state.map((entry) => {
        const other = came.get(entry.document.id);
        return other === undefined || !entry.hashed ? entry : { ...entry, document: grown(entry.document, other) };
      }),
      ...[...came.values()].filter(({ id }) => !known.has(id)).map((document) => ({ document, hashed: true })),
    ];
  }
  const stay = how === "cdc" ? [] : state.filter(({ document }) => !came.has(document.id));
  return [...stay, ...[...came.values()].map((document) => ({ document, hashed: how !== "delete-insert" }))];
}

/** What is there stays; what lies beyond the end of a list is added. */
function grown(old: Document, other: Document): Document {
  const list = <T>(has: readonly T[], comes: readonly T[], both: (a: T, b: T) => T): readonly T[] => [
    ...has.map((one, index) => (index < comes.length ? both(one, comes[index]!) : one)),
    ...comes.slice(has.length),
  ];
  const part = (a: Part, b: Part): Part => ({ ...a, n: list(a.n, b.n, (one) => one) });
  const item = (a: Item, b: Item): Item => ({ ...a, m: list(a.m, b.m, part) });
  return { ...old, l: list(old.l, other.l, item) };
}

async function holds(loads: readonly (readonly [How, readonly Document[]])[]): Promise<void> {
  await using p = await place();
  let state: readonly Entry[] = [];
  for (const [how, rows] of loads) {
    await p.run(rowsOf(rows, hintsOf[how]));
    state = apply(state, how, rows);
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
