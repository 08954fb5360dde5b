import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { LadingError } from "../../../errors/index.ts";
import { incremental, resource, source, type Resource } from "../../../resource/index.ts";
import { group, holds, isWhole, merged, rowsOf } from "./group.ts";

/** Rows, and something that happens after they were read. */
function rowsWhile(ids: readonly number[], happens: () => Promise<unknown>): Resource {
  return resource(
    { name: "t", primaryKey: "id", incremental: incremental("id", { initialValue: 0 }) },
    async function* () {
      yield ids.map((id) => ({ id }));
      await happens();
    },
  );
}

/** Many rows, in tables of a pipeline's own and in one that all share. */
const busy = (name: string, round: number) =>
  source(name, [
    rowsOf(
      Array.from({ length: 50 }, (_, id) => ({ id: `${name} ${id}`, round, [`only_${name}`]: id, l: [id] })),
      { name: "shared", ...merged("delete-insert") },
    ),
    rowsOf([{ round, l: [{ round }] }], { name: `own_${name}` }),
  ]);

/** Datasets and pipelines beside each other. */
export const severalPipelines = group("several pipelines", {
  async "in one dataset: each has its schema, its state and its tables"(context) {
    const one = rowsOf([{ id: 1 }], { name: "one" });
    const other = rowsOf([{ id: 2 }], { name: "other" });
    await context.run(one, { name: "p" });
    await context.run(other, { name: "q" });
    await context.run(one, { name: "p" });
    deepStrictEqual(await context.tables(), ["one", "other"]);
    await holds(context, ["id"], [[1], [1]], "one");
    await holds(context, ["id"], [[2]], "other");
    const { states, schemas } = await context.content();
    deepStrictEqual(
      states.map((text) => text.split(" ")[0]),
      ["p", "q"],
    );
    deepStrictEqual(
      schemas.map((text) => text.split(" ")[0]),
      ["p", "q"],
    );
  },
  async "in one table: rows of both, and columns of both"(context) {
    await context.run(rowsOf([{ id: 1, a: 1 }]), { name: "p" });
    await context.run(rowsOf([{ id: 2, b: 2 }]), { name: "q" });
    await context.run(rowsOf([{ id: 3, a: 3 }]), { name: "p", home: "elsewhere" });
    await holds(
      context,
      ["id", "a", "b"],
      [
        [1, 1, null],
        [2, null, 2],
        [3, 3, null],
      ],
    );
    await isWhole(context);
  },
  async "in two datasets: nothing of one is in the other"(context) {
    await context.run(rowsOf([{ id: 1 }], { writeDisposition: "replace" }), { dataset: "one" });
    await context.run(rowsOf([{ id: 2, l: [1] }], { writeDisposition: "replace" }), { dataset: "two" });
    await context.run(rowsOf([{ id: 3 }], { writeDisposition: "replace" }), { dataset: "one" });
    deepStrictEqual(await context.rows("t", ["id"], { dataset: "one" }), [[3]]);
    deepStrictEqual(await context.rows("t", ["id"], { dataset: "two" }), [[2]]);
    deepStrictEqual(await context.tables({ dataset: "one" }), ["t"]);
    deepStrictEqual(await context.tables({ dataset: "two" }), ["t", "t__l"]);
  },
  async "at the same time into a dataset that none has made yet, and then again"(context) {
    const names = ["p", "q", "r", "s"];
    for (const round of [1, 2]) {
      const results = await Promise.all(names.map((name) => context.run(busy(name, round), { name, home: name })));
      deepStrictEqual(
        results.map(({ kind }) => kind),
        names.map(() => "new"),
      );
    }
    const [[count, rounds] = []] = await context.query(
      ({ qualify }) => `SELECT count(*) AS n, min(round) AS r FROM ${qualify("shared")}`,
    );
    deepStrictEqual([count, rounds], [200, 2]);
    for (const name of names) await holds(context, ["round"], [[1], [2]], `own_${name}`);
    equal((await context.rows("shared__l", ["value"])).length, 200);
    await isWhole(context);
  },
  async "one pipeline on two machines at the same time: a conflict, and nothing twice"(context) {
    await context.run(rowsWhile([1], async () => {}));
    const mine = rowsWhile([1, 2], () =>
      context.run(
        rowsWhile([1, 2, 3], async () => {}),
        { home: "elsewhere" },
      ),
    );
    const error = await context.failure(mine);
    equal(error.code, "CONFLICT");
    await holds(context, ["id"], [[1], [2], [3]]);
    await context.run(
      rowsWhile([1, 2, 3, 4], async () => {}),
      { options: { fresh: true } },
    );
    await holds(context, ["id"], [[1], [2], [3], [4]]);
  },
  async "one pipeline on two machines that commit in the same moment: each row once"(context) {
    await context.run(rowsWhile([1], async () => {}));
    for (let round = 2; round < 6; round++) {
      let arrived = 0;
      let open = (): void => {};
      const both = new Promise<void>((resolve) => (open = resolve));
      const meet = async (): Promise<void> => {
        if (++arrived === 2) open();
        await both;
      };
      const ids = Array.from({ length: round }, (_, at) => at + 1);
      const ends = await Promise.allSettled(
        ["here", "elsewhere"].map((home) => context.run(rowsWhile(ids, meet), { home, options: { fresh: true } })),
      );
      ok(
        ends.some(({ status }) => status === "fulfilled"),
        `none was loaded: ${JSON.stringify(ends)}`,
      );
      for (const end of ends)
        if (end.status === "rejected")
          equal(LadingError.is(end.reason) && end.reason.code, "CONFLICT", String(end.reason));
      await holds(
        context,
        ["id"],
        ids.map((id) => [id]),
      );
    }
  },
});
