import * as fc from "fast-check";
import { test } from "vitest";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { fastFolder } from "../crash/fast-folder.ts";
import { anyFields, cuts, exactOf, pageOf, split, textOf } from "./documents.ts";
import { expectTrees } from "./expect-trees.ts";
import { lawTimeout, often } from "./runs.ts";
import { storedTrees } from "./stored-trees.ts";
import { treeOf } from "./tree.ts";

test(
  "append gives the rows of the documents, no more and no less, in whatever pages and runs they come",
  async () => {
    const documents = fc
      .array(anyFields, { minLength: 1, maxLength: 12 })
      .map((all) => all.map((fields, n) => textOf({ n }, fields)));
    await fc.assert(
      fc.asyncProperty(documents, cuts(2), fc.tuple(cuts(3), cuts(3), cuts(3)), async (all, runs, pages) => {
        await using p = await place({ under: fastFolder });
        for (const [run, part] of split(all, runs).entries()) {
          await p.run(rowsOf(split(part, pages[run] ?? []).map((texts) => pageOf(texts))));
        }
        expectTrees(
          all.map((text) => treeOf(exactOf(text))),
          await storedTrees((statement) => p.sql(statement), "t"),
        );
      }),
      often(50),
    );
  },
  lawTimeout,
);
