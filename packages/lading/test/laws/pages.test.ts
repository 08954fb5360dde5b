import * as fc from "fast-check";
import { expect, test } from "vitest";
import { contentDifference } from "../../src/testing/index.ts";
import { arena } from "../crash/arena.ts";
import { anyFields, cuts, split, textOf } from "./documents.ts";
import { dispositions, documentSource } from "./document-source.ts";
import { lawTimeout, often } from "./runs.ts";

test(
  "how the same rows are split into pages changes neither the schema's hash nor the rows",
  async () => {
    const documents = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 4 }), anyFields), { minLength: 1, maxLength: 10 })
      .map((all) => all.map(([id, fields], n) => textOf({ n, id }, fields)));
    const how = fc.constantFrom(...dispositions);
    await fc.assert(
      fc.asyncProperty(documents, how, cuts(6), async (texts, disposition, pages) => {
        await using whole = await arena();
        await using parts = await arena();
        for (const [place, some] of [
          [whole, [texts]],
          [parts, split(texts, pages)],
        ] as const) {
          const { outcome } = await place.run(documentSource(some, disposition));
          if (outcome.type === "failed") throw outcome.error;
        }
        const [expected, actual] = [await whole.content(), await parts.content()];
        expect(contentDifference(expected, actual)).toEqual({ lost: [], doubled: [], other: [] });
        expect(expected.schemas).toHaveLength(1);
      }),
      often(40),
    );
  },
  lawTimeout,
);
