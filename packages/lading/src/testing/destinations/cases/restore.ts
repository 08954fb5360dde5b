import { deepStrictEqual, equal } from "node:assert/strict";
import { incremental, page, resource, type Resource, type StateValue } from "../../../resource/index.ts";
import { group, holds, merged, rowsOf } from "./group.ts";

/** Rows after the cursor, of all that there are. */
function since(all: readonly number[], starts: unknown[] = []): Resource {
  return resource(
    { name: "t", primaryKey: "id", incremental: incremental("id", { initialValue: 0 }) },
    ({ cursor }) => {
      starts.push(cursor.start);
      return [all.map((id) => ({ id }))];
    },
  );
}

/** Keeps a value in the resource's state, and tells what was there. */
function keeping(value: StateValue, found: unknown[]): Resource {
  return resource("t", ({ state }) => {
    found.push(state["kept"]);
    state["kept"] = value;
    return [[{ id: found.length }]];
  });
}

/** Six pages of a row; the source breaks off after some. */
function pages(most: number): Resource {
  return resource("t", async function* ({ position }) {
    const first = typeof position === "number" ? position : 1;
    for (let id = first; id <= 6; id++) {
      if (id - first === most) throw new Error("the source is gone");
      await Promise.resolve();
      yield page({ rows: [{ id }], position: id < 6 ? id + 1 : null });
    }
  });
}

/** What a pipeline knows is in the destination: another machine goes on from there. */
export const restore = group("state and schema", {
  async "a cursor goes on, here and on another machine"(context) {
    const starts: unknown[] = [];
    await context.run(since([1, 2], starts));
    await context.run(since([1, 2, 3], starts));
    await context.run(since([2, 3, 4], starts), { home: "elsewhere" });
    deepStrictEqual(starts, [0, 2, 3]);
    await holds(context, ["id"], [[1], [2], [3], [4]]);
  },
  async "where nothing is new, nothing is loaded"(context) {
    await context.run(since([1]));
    equal((await context.run(since([1]), { home: "elsewhere" })).kind, "nothing");
    equal(await context.loads(), 1);
  },
  async "declared and found types are known on another machine"(context) {
    const first = [
      { id: 1, a: 1, b: "x" },
      { id: 2, a: "y" },
    ];
    await context.run(rowsOf(first, { columns: { b: { description: "a text" } } }));
    const { schemas } = await context.content();
    const result = await context.run(rowsOf([{ id: 3, a: "z", b: "w" }]), { home: "elsewhere" });
    deepStrictEqual((await context.content()).schemas, schemas);
    deepStrictEqual(result.loads[0]!.changes, []);
    await holds(
      context,
      ["id", "a", "a__v_text"],
      [
        [1, 1, null],
        [2, null, "y"],
        [3, null, "z"],
      ],
    );
  },
  async "a key that was declared once counts on another machine"(context) {
    await context.run(rowsOf([{ id: 1, v: 1 }], merged("delete-insert")));
    await context.run(rowsOf([{ id: 1, v: 2 }], { writeDisposition: "merge" }), { home: "elsewhere" });
    await holds(context, ["id", "v"], [[1, 2]]);
  },
  async "a large state comes back as it was"(context) {
    const found: unknown[] = [];
    const kept = { text: "é\"'\\\n😀", list: Array.from({ length: 30_000 }, (_, at) => `${at}`), n: 1.5 };
    await context.run(keeping(kept, found));
    await context.run(keeping("second", found), { home: "elsewhere" });
    await context.run(keeping("third", found));
    deepStrictEqual(found, [undefined, kept, "second"]);
  },
  async "another dataset of the same pipeline has a state and a schema of its own"(context) {
    const starts: unknown[] = [];
    await context.run(since([1], starts));
    await context.run(since([1, 2], starts), { dataset: "other" });
    await context.run(since([2, 3], starts), { dataset: "other", home: "elsewhere" });
    deepStrictEqual(starts, [0, 0, 2]);
    await holds(context, ["id"], [[1]]);
    deepStrictEqual(await context.rows("t", ["id"], { dataset: "other" }), [[1], [2], [3]]);
  },
  async "commits along the way go on elsewhere"(context) {
    const options = { commitEvery: { pages: 1 } };
    await context.failure(pages(3), { options });
    await context.run(pages(99), { options, home: "elsewhere" });
    await holds(
      context,
      ["id"],
      [1, 2, 3, 4, 5, 6].map((id) => [id]),
    );
  },
});
