import { describe, expect, test } from "vitest";
import { destination } from "../../src/destination/custom/index.ts";
import { pipeline } from "../../src/pipeline/index.ts";
import { incremental, resource, source, type WriteDisposition } from "../../src/resource/index.ts";
import { failureOf, place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { keyed } from "./keyed.ts";

describe("what cannot be is said before anything is loaded", () => {
  test.each(["upsert", "insert-only", "cdc"])("%s without a primary key", async (strategy) => {
    await using p = await place();
    const writeDisposition = { disposition: "merge", strategy } as WriteDisposition;
    expect(await p.failure(rowsOf([{ id: 1 }], { writeDisposition }))).toMatchObject({
      code: "DISPOSITION_INVALID",
      message: `"t" is merged by ${strategy} and has no primary key.`,
    });
  });

  test("two columns that mark deleted rows", async () => {
    await using p = await place();
    const columns = { a: { hardDelete: true }, b: { hardDelete: true } };
    expect(await p.failure(rowsOf([{ id: 1 }], keyed({}, { columns })))).toMatchObject({
      code: "DISPOSITION_INVALID",
      message: '"t" has more than one column with hard_delete: "a", "b".',
    });
  });

  test("two resources that merge into one table, each in its own way", async () => {
    await using p = await place();
    const both = source("s", [
      rowsOf([{ id: 1 }], { ...keyed(), name: "a", tableName: "t" }),
      rowsOf([{ id: 2 }], { ...keyed({ strategy: "upsert" }), name: "b", tableName: "t" }),
    ]);
    expect(await p.failure(both)).toMatchObject({
      code: "DISPOSITION_INVALID",
      message: '"a" and "b" merge their rows into "t" by different strategies.',
    });
  });

  test("a strategy that a destination of one's own does not have", async () => {
    await using p = await place();
    const own = pipeline({
      name: "own",
      source: rowsOf([{ id: 1 }], keyed({ strategy: "scd2" })),
      destination: destination({ name: "mine", write: () => {} }),
      workingFolder: p.home,
    });
    expect(await failureOf(own.run())).toMatchObject({
      code: "DISPOSITION_UNSUPPORTED",
      message: '"mine" has no strategy "scd2", which "t" asks for.',
    });
  });
});

test("what is declared and has no effect is a warning", async () => {
  await using p = await place();
  const { warnings } = await p.run(rowsOf([{ id: 1, day: 1 }], keyed({ strategy: "upsert" }, { mergeKey: "day" })));
  expect(warnings).toEqual(['"t" has a merge key, which has no effect with upsert.']);
});

test("a source that gives only what is new is no snapshot: a warning", async () => {
  await using p = await place();
  const mirrored = resource(
    {
      name: "t",
      primaryKey: "id",
      writeDisposition: { disposition: "merge", strategy: "cdc" },
      incremental: incremental("at"),
    },
    () => [{ id: 1, at: 1 }],
  );
  const { warnings } = await p.run(mirrored);
  expect(warnings).toEqual(['"t" is read incrementally, and merged by cdc: rows that do not come are deleted.']);
});
