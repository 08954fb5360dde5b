import { deepStrictEqual, equal } from "node:assert/strict";
import type { CaseContext } from "../case-context.ts";
import { group, holds, isWhole, needing, rowsOf } from "./group.ts";

const first = [
  {
    id: 1,
    name: "one",
    lines: [
      { n: 1, tags: ["a", "b"] },
      { n: 2, tags: [] },
    ],
  },
  { id: 2, name: "two", lines: [] },
];
const second = [{ id: 3, name: "three", lines: [{ n: 3, tags: ["c"] }] }];

async function holdsBoth(context: CaseContext): Promise<void> {
  await holds(
    context,
    ["id", "name"],
    [
      [1, "one"],
      [2, "two"],
      [3, "three"],
    ],
  );
  await holds(context, ["n"], [[1], [2], [3]], "t__lines");
  await holds(context, ["value"], [["a"], ["b"], ["c"]], "t__lines__tags");
  await isWhole(context);
}

async function holdsSecond(context: CaseContext): Promise<void> {
  await holds(context, ["id", "name"], [[3, "three"]]);
  await holds(context, ["n"], [[3]], "t__lines");
  await holds(context, ["value"], [["c"]], "t__lines__tags");
  await isWhole(context);
}

const replaces = (strategy: "truncate-and-insert" | "insert-from-staging" | "staging-optimized") =>
  needing([`replace: ${strategy}`], async (context) => {
    const hints = { writeDisposition: { disposition: "replace", strategy } } as const;
    await context.run(rowsOf(first, hints));
    await context.run(rowsOf(second, hints));
    await holdsSecond(context);
    await context.run(rowsOf([...second, { id: 4, name: "four", added: true, lines: [] }], hints));
    await holds(
      context,
      ["id", "added"],
      [
        [3, null],
        [4, true],
      ],
    );
    await context.run(rowsOf([], hints));
    await holds(context, ["id"], []);
    await holds(context, ["n"], [], "t__lines");
    await holds(context, ["value"], [], "t__lines__tags");
  });

/** Rows go in beside those that are there, or in their place. */
export const appendAndReplace = group("append and replace", {
  async "rows and what is nested in them are there, with ids that join them"(context) {
    const result = await context.run(rowsOf(first));
    deepStrictEqual(await context.tables(), ["t", "t__lines", "t__lines__tags"]);
    deepStrictEqual(await context.columns("t"), ["id", "name"]);
    const joined = await context.query(
      ({ qualify }) =>
        `SELECT t.id, l.n, g.value, l._dlt_list_idx AS at, g._dlt_list_idx AS inner_at, t._dlt_load_id FROM ${qualify("t")} AS t JOIN ${qualify("t__lines")} AS l ON l._dlt_parent_id = t._dlt_id JOIN ${qualify("t__lines__tags")} AS g ON g._dlt_parent_id = l._dlt_id ORDER BY g.value`,
    );
    const { loadId } = result.loads[0]!;
    deepStrictEqual(joined, [
      [1, 1, "a", 0, 0, loadId],
      [1, 1, "b", 0, 1, loadId],
    ]);
  },
  async "what is appended is added, also the same row again"(context) {
    await context.run(rowsOf(first));
    await context.run(rowsOf(second));
    await holdsBoth(context);
    await context.run(rowsOf(second));
    await holds(context, ["id"], [[1], [2], [3], [3]]);
    await isWhole(context);
  },
  async "a load of nothing changes nothing"(context) {
    await context.run(rowsOf(first));
    const loads = await context.loads();
    const result = await context.run(rowsOf([]));
    equal(result.kind, "nothing");
    equal(await context.loads(), loads);
    await holds(context, ["id"], [[1], [2]]);
  },
  async "a resource that is skipped loads only its children's tables"(context) {
    await context.run([rowsOf(first, { writeDisposition: "skip", name: "skipped" }), rowsOf(second)]);
    deepStrictEqual(await context.tables(), ["t", "t__lines", "t__lines__tags"]);
  },
  async "what is replaced goes, with what is nested in it"(context) {
    await context.run(rowsOf(first));
    await context.run(rowsOf(second, { writeDisposition: "replace" }));
    await holdsSecond(context);
  },
  "replaced by truncate-and-insert: rows go with what is nested in them, also where none come":
    replaces("truncate-and-insert"),
  "replaced by insert-from-staging: rows go with what is nested in them, also where none come":
    replaces("insert-from-staging"),
  "replaced by staging-optimized: rows go with what is nested in them, also where none come":
    replaces("staging-optimized"),
  async "a package of many files is loaded whole"(context) {
    const rows = Array.from({ length: 2000 }, (_, id) => ({ id, text: `row ${id}`, tags: [`t${id}`] }));
    const result = await context.run(rowsOf(rows), { options: { partBytes: 4096 } });
    equal(result.loads[0]!.tables["t"]!.rows, 2000);
    const [[count, distinct] = []] = await context.query(
      ({ qualify }) => `SELECT count(*) AS n, count(DISTINCT id) AS d FROM ${qualify("t")}`,
    );
    deepStrictEqual([count, distinct], [2000, 2000]);
    await isWhole(context);
  },
});
