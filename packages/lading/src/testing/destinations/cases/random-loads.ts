import { deepStrictEqual, equal } from "node:assert/strict";
import type { ResourceHints } from "../../../resource/index.ts";
import type { CaseContext } from "../case-context.ts";
import { afterLoad, type Document, type Entry, type How } from "../document-model.ts";
import { storedDocuments } from "../stored-documents.ts";
import { group, merged, needing, rowsOf } from "./group.ts";

const hintsOf: Readonly<Record<How, ResourceHints>> = {
  append: { writeDisposition: "append", primaryKey: "id" },
  replace: { writeDisposition: "replace", primaryKey: "id" },
  "delete-insert": merged("delete-insert"),
  upsert: merged("upsert"),
  "insert-only": merged("insert-only"),
  cdc: merged("cdc"),
};

/** Has every table and column, so that they are all there to be read. */
const full: Document = { id: 1, v: 0, l: [{ x: 0, m: [{ y: 0, n: [0] }] }] };

/** Whole numbers below a limit, the same ones for the same seed. */
function chances(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Few keys and few values, so that they come again, in one load and in the next. */
function anyRows(chance: (below: number) => number): Document[] {
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: chance(most + 1) }, make);
  return some(6, () => ({
    id: 1 + chance(4),
    v: chance(4),
    l: some(3, () => ({ x: chance(4), m: some(2, () => ({ y: chance(4), n: some(2, () => chance(4)) })) })),
  }));
}

async function holdsAfter(context: CaseContext, how: (at: number) => How, seed: number): Promise<void> {
  const chance = chances(seed);
  let state: readonly Entry[] = [];
  for (let at = 0; at < 5; at++) {
    const rows = at === 0 ? [full] : anyRows(chance);
    await context.run(rowsOf(rows, hintsOf[how(at)]));
    state = afterLoad(state, how(at), rows);
    const texts = (documents: readonly Document[]): string[] => documents.map((one) => JSON.stringify(one)).toSorted();
    deepStrictEqual(
      texts(await storedDocuments(context)),
      texts(state.map(({ document }) => document)),
      `load ${at} of seed ${seed}`,
    );
    const ids = await context.rows("t", ["_dlt_id"]);
    equal(new Set(ids.flat()).size, ids.length);
  }
}

const always = (how: "delete-insert" | "upsert" | "insert-only" | "cdc", seeds: readonly number[]) =>
  needing([`merge: ${how}`], async (context) => {
    for (const seed of context.stride === 1 ? seeds : seeds.slice(1))
      await holdsAfter({ ...context, ...datasetOf(context, `d${seed}`) }, () => how, seed);
  });

/** The same context for another dataset. */
function datasetOf(context: CaseContext, dataset: string): Pick<CaseContext, "run" | "rows"> {
  const home = dataset;
  return {
    run: (source, where) => context.run(source, { dataset, home, ...where }),
    rows: (table, columns, where) => context.rows(table, columns, { dataset, home, ...where }),
  };
}

/** What comes of loads is what their dispositions mean, whatever comes and in whatever order. */
export const randomLoads = group("any loads", {
  "delete-insert of nested rows": always("delete-insert", [1, 2]),
  "upsert of nested rows": always("upsert", [3, 4]),
  "insert-only of nested rows": always("insert-only", [5, 6]),
  "cdc of nested rows": always("cdc", [7, 8]),
  "from one disposition to another": needing(
    ["merge: delete-insert", "merge: upsert", "merge: insert-only", "merge: cdc"],
    async (context) => {
      const all = Object.keys(hintsOf) as How[];
      for (const seed of context.stride === 1 ? [11, 12, 13] : [12]) {
        const chance = chances(seed * 7);
        const order = Array.from({ length: 5 }, () => all[chance(all.length)]!);
        await holdsAfter({ ...context, ...datasetOf(context, `d${seed}`) }, (at) => order[at]!, seed);
      }
    },
  ),
});
