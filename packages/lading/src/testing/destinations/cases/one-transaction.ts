import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { resource, source } from "../../../resource/index.ts";
import type { CaseContext, Rows } from "../case-context.ts";
import { group, holds, merged, rowsOf } from "./group.ts";

/** Several tables, of which the last refuses a row: after the others have been copied. */
const refused = () =>
  source("s", [
    rowsOf([{ id: 10, name: "new", l: [1] }], { name: "appended" }),
    rowsOf([{ id: 10 }], { name: "replaced", writeDisposition: "replace" }),
    rowsOf([{ id: 1, v: 10, l: [{ a: 1 }] }], { name: "merged", ...merged("delete-insert") }),
    rowsOf([{ id: 10 }], { name: "fresh" }),
    rowsOf([{ id: 1 }, { other: 1 }], { name: "refused", columns: { id: { nullable: false, dataType: "bigint" } } }),
  ]);

const before = source("s", [
  rowsOf([{ id: 1 }], { name: "appended" }),
  rowsOf([{ id: 1 }], { name: "replaced", writeDisposition: "replace" }),
  rowsOf([{ id: 1, v: 1 }], { name: "merged", ...merged("delete-insert") }),
]);

const stateOf = async (context: CaseContext): Promise<unknown> => [
  await context.content(),
  await Promise.all((await context.tables()).map(async (name) => [name, await context.columns(name)])),
];

/** A load is there wholly or not at all, and once. */
export const oneTransaction = group("one transaction", {
  async "a file that is refused in the middle: rows, tables, columns, state and schema are as before"(context) {
    await context.run(before);
    const was = await stateOf(context);
    const error = await context.failure(refused(), { options: { partBytes: 64 } });
    equal(error.code, "NULL_NOT_ALLOWED");
    deepStrictEqual(await stateOf(context), was);
    equal((await context.failure(refused())).code, "NULL_NOT_ALLOWED");
    deepStrictEqual(await stateOf(context), was);
  },
  async "a first load that is refused leaves nothing, and the next one is right"(context) {
    await context.failure(refused());
    deepStrictEqual(await context.tables(), []);
    await context.run(before, { options: { fresh: true } });
    await holds(context, ["id", "v"], [[1, 1]], "merged");
    equal(await context.loads(), 1);
  },
  async "nobody sees a part of a load before its end"(context) {
    await context.run(before);
    // In one statement, which sees one moment.
    const counts = async (): Promise<Rows> =>
      context.query(
        ({ qualify }) =>
          `SELECT (SELECT count(*) FROM ${qualify("appended")}) AS a, (SELECT max(id) FROM ${qualify("merged")}) AS m, (SELECT count(*) FROM ${qualify("_dlt_loads")}) AS l`,
      );
    const seen: Rows[] = [];
    const looking: Promise<unknown>[] = [];
    const look = (): void => void looking.push(counts().then((found) => seen.push(found)));
    await context.run(
      source("s", [
        rowsOf([{ id: 2 }], { name: "appended" }),
        rowsOf([{ id: 2 }], { name: "merged", ...merged("delete-insert") }),
      ]),
      {
        options: {
          onEvent: ({ type }) => {
            if (type === "copied") look();
          },
        },
      },
    );
    await Promise.all(looking);
    ok(seen.length > 0);
    for (const found of seen) ok(["1,1,1", "2,2,2"].includes(String(found)), String(found));
    deepStrictEqual(await counts(), [[2, 2, 2]]);
  },
  async "a run that is stopped while it loads leaves nothing; the next one loads what was read"(context) {
    await context.run(before);
    const was = await context.content();
    let reads = 0;
    const again = resource("appended", () => {
      reads++;
      return [[{ id: 7 }]];
    });
    const stop = new AbortController();
    const error = await context.failure(source("s", [again]), {
      options: {
        signal: stop.signal,
        onEvent: ({ type }) => {
          if (type === "copied") stop.abort();
        },
      },
    });
    equal(error.code, "ABORTED");
    deepStrictEqual(await context.content(), was);
    equal((await context.run(source("s", [again]))).kind, "unfinished");
    equal(reads, 1);
    await holds(context, ["id"], [[1], [7]], "appended");
  },
  async "load ids grow, and each load has a row of its own"(context) {
    const ids: string[] = [];
    for (let id = 0; id < 4; id++) ids.push((await context.run(rowsOf([{ id }]))).loads[0]!.loadId);
    deepStrictEqual(ids, ids.toSorted());
    deepStrictEqual(
      await context.rows("_dlt_loads", ["load_id", "status"]),
      ids.map((id) => [id, 0]),
    );
    deepStrictEqual(
      await context.rows("t", ["_dlt_load_id", "id"]),
      ids.map((id, at) => [id, at]),
    );
  },
});
