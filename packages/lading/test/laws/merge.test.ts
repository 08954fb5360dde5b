import * as fc from "fast-check";
import { describe, test } from "vitest";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { fastFolder } from "../crash/fast-folder.ts";
import { anyFields, cuts, exactOf, pageOf, split, textOf } from "./documents.ts";
import { expectTrees } from "./expect-trees.ts";
import { merged, type MergedRow, type Merging } from "./merge-model.ts";
import { lawTimeout, often } from "./runs.ts";
import { storedTrees } from "./stored-trees.ts";
import { treeOf } from "./tree.ts";

const orNull = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { freq: 4 });
const known = fc.record({
  id: fc.integer({ min: 1, max: 4 }),
  g: orNull(fc.integer({ min: 1, max: 3 })),
  s: orNull(fc.integer({ min: 0, max: 2 })),
  gone: orNull(fc.boolean()),
});
const load = fc.record({
  rows: fc.array(fc.tuple(known, anyFields), { maxLength: 6 }),
  pages: cuts(2),
});

function hintsOf({ strategy, byGroup, dedupSort, hardDelete }: Merging): ResourceHints {
  return {
    writeDisposition: { disposition: "merge", strategy },
    primaryKey: "id",
    ...(byGroup && { mergeKey: "g" }),
    columns: {
      ...(dedupSort && { s: { dedupSort } }),
      ...(hardDelete && { gone: { hardDelete: true, dataType: "bool" } }),
      ...(byGroup && { g: { dataType: "bigint", nullable: true } }),
    },
  };
}

describe("merging gives what a model in memory gives, with all that is nested", () => {
  test.each(["delete-insert", "upsert", "insert-only"] as const)(
    "%s",
    async (strategy) => {
      const how = fc.record<Merging>({
        strategy: fc.constant(strategy),
        byGroup: strategy === "delete-insert" ? fc.boolean() : fc.constant(false),
        dedupSort: fc.constantFrom(undefined, "asc", "desc"),
        hardDelete: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(how, fc.array(load, { minLength: 2, maxLength: 3 }), async (merging, loads) => {
          await using p = await place({ under: fastFolder });
          let state: readonly MergedRow[] = [];
          let n = 0;
          for (const { rows, pages } of loads) {
            const texts = rows.map(([row, fields]) => textOf({ n: n++, ...row }, fields));
            await p.run(
              rowsOf(
                split(texts, pages).map((some) => pageOf(some)),
                hintsOf(merging),
              ),
            );
            const came = rows.map(([row], index) => ({ ...row, tree: treeOf(exactOf(texts[index]!)) }));
            state = merged(state, came, merging);
          }
          expectTrees(
            state.map(({ tree }) => tree),
            await storedTrees((statement) => p.sql(statement), "t"),
          );
        }),
        often(30),
      );
    },
    lawTimeout,
  );
});
