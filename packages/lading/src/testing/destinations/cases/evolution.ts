import { deepStrictEqual, equal } from "node:assert/strict";
import { group, holds, isWhole, merged, needing, rowsOf } from "./group.ts";

/** Tables grow with what comes. */
export const evolution = group("evolution", {
  async "a new column is empty in older rows"(context) {
    await context.run(rowsOf([{ id: 1 }]));
    const result = await context.run(rowsOf([{ id: 2, name: "two", l: [{ a: 1 }] }]));
    deepStrictEqual(result.loads[0]!.changes.map(({ table }) => table).toSorted(), ["t", "t__l"]);
    await context.run(rowsOf([{ id: 3, l: [{ a: 2, b: true }] }]));
    await holds(
      context,
      ["id", "name"],
      [
        [1, null],
        [2, "two"],
        [3, null],
      ],
    );
    await holds(
      context,
      ["a", "b"],
      [
        [1, null],
        [2, true],
      ],
      "t__l",
    );
    await isWhole(context);
  },
  async "a column of nothing but null is made when it has a value"(context) {
    await context.run(rowsOf([{ id: 1, a: null }]));
    deepStrictEqual(await context.columns("t"), ["id"]);
    await context.run(rowsOf([{ id: 2, a: 1.5 }]));
    await holds(
      context,
      ["id", "a"],
      [
        [1, null],
        [2, 1.5],
      ],
    );
  },
  async "a value of another type gets a column beside its own"(context) {
    await context.run(rowsOf([{ id: 1, a: 1 }]));
    await context.run(
      rowsOf([
        { id: 2, a: "x" },
        { id: 3, a: true },
        { id: 4, a: "7" },
        { id: 5, a: 2.5 },
      ]),
    );
    await holds(
      context,
      ["id", "a", "a__v_text", "a__v_bool", "a__v_double"],
      [
        [1, 1, null, null, null],
        [2, null, "x", null, null],
        [3, null, null, true, null],
        [4, 7, null, null, null],
        [5, null, null, null, 2.5],
      ],
    );
  },
  async "a scalar where there was a list, and a list where there was a scalar"(context) {
    await context.run(rowsOf([{ id: 1, a: [1, 2], b: "x" }]));
    await context.run(rowsOf([{ id: 2, a: 3, b: ["y"] }]));
    await holds(
      context,
      ["id", "a", "b"],
      [
        [1, null, "x"],
        [2, 3, null],
      ],
    );
    await holds(context, ["value"], [[1], [2]], "t__a");
    await holds(context, ["value"], [["y"]], "t__b");
    await isWhole(context);
  },
  async "several changes in one load, in files of their own"(context) {
    const rows = Array.from({ length: 40 }, (_, id) => ({ id, [`c${id}`]: id, [`l${id % 3}`]: [id] }));
    await context.run(rowsOf(rows), { options: { partBytes: 200 } });
    await holds(
      context,
      ["id", "c0", "c39"],
      rows.map(({ id }) => [id, id === 0 ? 0 : null, id === 39 ? 39 : null]),
    );
    await isWhole(context);
  },
  async "a column that must have a value can come later, where it has one"(context) {
    await context.run(rowsOf([{ id: 1 }]));
    await context.run(rowsOf([{ id: 2, a: 1 }], { columns: { a: { nullable: false, dataType: "bigint" } } }));
    await holds(
      context,
      ["id", "a"],
      [
        [1, null],
        [2, 1],
      ],
    );
  },
  async "a column declared unique takes each value once"(context) {
    const columns = { a: { unique: true } } as const;
    await context.run(rowsOf([{ a: 1 }, { a: 2 }], { columns }));
    await context.run(rowsOf([{ a: 3, b: 1 }], { columns: { ...columns, b: { unique: true } } }));
    await holds(
      context,
      ["a", "b"],
      [
        [1, null],
        [2, null],
        [3, 1],
      ],
    );
  },
  async "five hundred columns, more of them later"(context) {
    const row = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, at]));
    await context.run(rowsOf([row(400)]));
    await context.run(rowsOf([row(500)]));
    await holds(
      context,
      ["c0", "c399", "c499"],
      [
        [0, 399, 499],
        [0, 399, null],
      ],
    );
  },
  async "more columns than the destination takes: an error that says so, and nothing is there"(context) {
    const row = Object.fromEntries(Array.from({ length: 1700 }, (_, at) => [`c${at}`, `${at}`]));
    await context.run(rowsOf([{ c0: "first" }]));
    try {
      await context.run(rowsOf([row]));
    } catch (error) {
      equal((error as { code?: unknown }).code, "TABLE_TOO_WIDE");
      await holds(context, ["c0"], [["first"]]);
      deepStrictEqual(await context.columns("t"), ["c0"]);
      await context.run(rowsOf([{ c0: "second" }]), { options: { fresh: true } });
      await holds(context, ["c0"], [["first"], ["second"]]);
      return;
    }
    await holds(
      context,
      ["c0", "c1699"],
      [
        ["0", "1699"],
        ["first", null],
      ],
    );
  },
  "merged tables grow as well": needing(["merge: upsert"], async (context) => {
    await context.run(rowsOf([{ id: 1, l: [{ a: 1 }] }, { id: 2 }], merged("upsert")));
    await context.run(rowsOf([{ id: 1, name: "one", l: [{ a: 1, b: [{ c: 1 }] }] }], merged("upsert")));
    await holds(
      context,
      ["id", "name"],
      [
        [1, "one"],
        [2, null],
      ],
    );
    await holds(context, ["c"], [[1]], "t__l__b");
    await isWhole(context);
  }),
});
