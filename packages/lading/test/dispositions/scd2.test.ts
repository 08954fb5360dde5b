import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place, type Place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { anyDocument, fullDocument, sorted, storedDocuments, type Document } from "./documents.ts";

type Keys = Pick<ResourceHints, "primaryKey" | "mergeKey">;

const boundaryOf = (load: number): string => `2026-01-${String(load + 1).padStart(2, "0")}T00:00:00Z`;

async function loadHistory(p: Place, snapshots: readonly (readonly Document[])[], keys: Keys): Promise<void> {
  for (const [load, snapshot] of snapshots.entries()) {
    const writeDisposition = { disposition: "merge", strategy: "scd2", boundaryTimestamp: boundaryOf(load) } as const;
    await p.run(rowsOf(snapshot, { writeDisposition, ...keys }));
  }
}

/** What is valid after a load: a set, as a row that stands twice in a snapshot is one. */
function after(state: readonly Document[], snapshot: readonly Document[], keys: Keys): readonly Document[] {
  // A run that finds nothing loads nothing.
  if (snapshot.length === 0) return state;
  const came = keys.primaryKey === undefined ? snapshot : [...new Map(snapshot.map((one) => [one.id, one])).values()];
  const ids = new Set(snapshot.map(({ id }) => id));
  const stay = keys.mergeKey === undefined ? [] : state.filter(({ id }) => !ids.has(id));
  return [...new Map([...stay, ...came].map((one) => [JSON.stringify(one), one])).values()];
}

test.each<readonly [string, Keys]>([
  ["without keys", {}],
  ["with a merge key, only rows whose key came are retired", { mergeKey: "id" }],
  ["with a primary key, the last row of a key counts", { primaryKey: "id" }],
])(
  "at each boundary the valid rows are the snapshot: %s",
  async (_, keys) => {
    const snapshots = fc.array(fc.array(anyDocument, { maxLength: 5 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(snapshots, async (random) => {
        await using p = await place();
        const all = [[fullDocument], ...random];
        await loadHistory(p, all, keys);
        const stored = await storedDocuments(p, true);
        let state: readonly Document[] = [];
        for (const [load, snapshot] of all.entries()) {
          state = after(state, snapshot, keys);
          const at = Date.parse(boundaryOf(load)) * 1000;
          const valid = stored.filter(({ from, to }) => from <= at && (to === undefined || to > at));
          expect(sorted(valid.map(({ document }) => document))).toEqual(sorted(state));
        }
      }),
      { numRuns: 12 },
    );
  },
  240_000,
);
