import { deepStrictEqual, equal } from "node:assert/strict";
import type { ResourceHints } from "../../../resource/index.ts";
import type { CaseContext } from "../case-context.ts";
import { group, holds, isWhole, merged, needing, rowsOf } from "./group.ts";

const first = [
  {
    id: 1,
    name: "one",
    lines: [
      { n: 1, tags: ["a", "b"] },
      { n: 2, tags: ["c"] },
    ],
  },
  { id: 2, name: "two", lines: [{ n: 3, tags: ["d"] }] },
];
const second = [
  { id: 2, name: "TWO", lines: [{ n: 4, tags: ["e"] }] },
  { id: 3, name: "three", lines: [{ n: 5, tags: ["f"] }] },
];

const names = ["id", "name"];
const lines = (context: CaseContext, expected: readonly number[]): Promise<void> =>
  holds(
    context,
    ["n"],
    expected.map((n) => [n]),
    "t__lines",
  );
const tags = (context: CaseContext, expected: readonly string[]): Promise<void> =>
  holds(
    context,
    ["value"],
    expected.map((value) => [value]),
    "t__lines__tags",
  );

/** A row whose key comes again is replaced or updated, and its lists with it. */
const takesOver = (strategy: "delete-insert" | "upsert") =>
  needing([`merge: ${strategy}`], async (context) => {
    const hints = merged(strategy);
    await context.run(rowsOf(first, hints));
    await context.run(rowsOf(second, hints));
    await holds(context, names, [
      [1, "one"],
      [2, "TWO"],
      [3, "three"],
    ]);
    await lines(context, [1, 2, 4, 5]);
    await tags(context, ["a", "b", "c", "e", "f"]);
    await isWhole(context);
  });

/** Of rows with one key in a load the last that came stays. */
const keepsLast = (strategy: "delete-insert" | "upsert" | "insert-only" | "cdc") =>
  needing([`merge: ${strategy}`], async (context) => {
    const rows = Array.from({ length: 50 }, (_, at) => ({ id: at % 5, v: at, lines: [{ n: at }] }));
    await context.run(rowsOf(rows, merged(strategy)), { options: { partBytes: 256 } });
    await holds(
      context,
      ["id", "v"],
      [
        [0, 45],
        [1, 46],
        [2, 47],
        [3, 48],
        [4, 49],
      ],
    );
    await lines(context, [45, 46, 47, 48, 49]);
    await isWhole(context);
  });

const deletes = (strategy: "delete-insert" | "upsert", column: "gone" | "gone_at") =>
  needing([`merge: ${strategy}`], async (context) => {
    const isFlag = column === "gone";
    const hints = merged(strategy, {
      columns: { [column]: { hardDelete: true, ...(isFlag ? { dataType: "bool" } : { dataType: "timestamp" }) } },
    });
    const stays = isFlag ? false : null;
    const goes = isFlag ? true : "2024-01-01T00:00:00Z";
    await context.run(
      rowsOf(
        first.map((row) => ({ ...row, [column]: stays })),
        hints,
      ),
    );
    await context.run(rowsOf([{ id: 1, name: "one", lines: [], [column]: goes }], hints));
    await holds(context, names, [[2, "two"]]);
    await lines(context, [3]);
    await tags(context, ["d"]);
    await isWhole(context);
  });

/** The row with the greatest value stays, whatever the order. */
const sorts = (strategy: "delete-insert" | "upsert") =>
  needing([`merge: ${strategy}`], async (context) => {
    const hints = merged(strategy, { columns: { v: { dedupSort: "desc" } } });
    const rows = [
      { id: 1, v: 1, lines: [{ n: 1 }] },
      { id: 1, v: 3, lines: [{ n: 3 }] },
      { id: 1, v: 2, lines: [{ n: 2 }] },
    ];
    await context.run(rowsOf(rows, hints));
    await holds(context, ["id", "v"], [[1, 3]]);
    await lines(context, [3]);
  });

/** Rows go into their table by their key. */
export const merge = group("merge", {
  "delete-insert: a row whose key comes again is replaced with all that is nested in it": takesOver("delete-insert"),
  "upsert: a row whose key comes again is updated, and its lists are what came": takesOver("upsert"),
  "upsert: a row that is updated keeps its id": needing(["merge: upsert"], async (context) => {
    await context.run(rowsOf(first, merged("upsert")));
    const before = await context.rows("t", ["_dlt_id", "id"]);
    await context.run(rowsOf(second, merged("upsert")));
    const after = await context.rows("t", ["_dlt_id", "id"]);
    deepStrictEqual(
      after.filter(([, id]) => id !== 3),
      before,
    );
  }),
  "insert-only: what is there stays, new keys are added": needing(["merge: insert-only"], async (context) => {
    await context.run(rowsOf(first, merged("insert-only")));
    await context.run(rowsOf(second, merged("insert-only")));
    await holds(context, names, [
      [1, "one"],
      [2, "two"],
      [3, "three"],
    ]);
    await lines(context, [1, 2, 3, 5]);
    await isWhole(context);
  }),
  "cdc: rows whose key does not come go": needing(["merge: cdc"], async (context) => {
    await context.run(rowsOf(first, merged("cdc")));
    await context.run(rowsOf(second, merged("cdc")));
    await holds(context, names, [
      [2, "TWO"],
      [3, "three"],
    ]);
    await lines(context, [4, 5]);
    await tags(context, ["e", "f"]);
    await isWhole(context);
  }),
  "delete-insert: of rows with one key in a load the last stays": keepsLast("delete-insert"),
  "upsert: of rows with one key in a load the last stays": keepsLast("upsert"),
  "insert-only: of rows with one key in a load the last stays": keepsLast("insert-only"),
  "cdc: of rows with one key in a load the last stays": keepsLast("cdc"),
  "delete-insert: a row that is flagged as deleted goes": deletes("delete-insert", "gone"),
  "delete-insert: a row with a time of deletion goes": deletes("delete-insert", "gone_at"),
  "upsert: a row that is flagged as deleted goes": deletes("upsert", "gone"),
  "upsert: a row with a time of deletion goes": deletes("upsert", "gone_at"),
  "delete-insert: the row with the greatest value stays": sorts("delete-insert"),
  "upsert: the row with the greatest value stays": sorts("upsert"),
  "delete-insert: by a merge key all rows with it go": needing(["merge: delete-insert"], async (context) => {
    const hints: ResourceHints = { writeDisposition: "merge", mergeKey: "day" };
    await context.run(
      rowsOf(
        [
          { day: "mon", v: 1 },
          { day: "mon", v: 2 },
          { day: "tue", v: 3 },
        ],
        hints,
      ),
    );
    await context.run(
      rowsOf(
        [
          { day: "mon", v: 4 },
          { day: "mon", v: 5 },
        ],
        hints,
      ),
    );
    await holds(
      context,
      ["day", "v"],
      [
        ["mon", 4],
        ["mon", 5],
        ["tue", 3],
      ],
    );
  }),
  "delete-insert: by a merge key and a primary key": needing(["merge: delete-insert"], async (context) => {
    const hints: ResourceHints = { writeDisposition: "merge", mergeKey: "day", primaryKey: "id" };
    await context.run(
      rowsOf(
        [
          { id: 1, day: 1 },
          { id: 2, day: 1 },
          { id: 3, day: 2 },
          { id: 4, day: 3 },
        ],
        hints,
      ),
    );
    await context.run(
      rowsOf(
        [
          { id: 5, day: 1 },
          { id: 3, day: 4 },
        ],
        hints,
      ),
    );
    await holds(
      context,
      ["id", "day"],
      [
        [3, 4],
        [4, 3],
        [5, 1],
      ],
    );
  }),
  "delete-insert: by a key of several columns of several types": needing(["merge: delete-insert"], async (context) => {
    const hints: ResourceHints = { writeDisposition: "merge", primaryKey: ["at", "who", "size"] };
    const key = { at: "2024-01-01T00:00:00.123456Z", who: 'a "b"\t', size: 0.1 };
    await context.run(
      rowsOf(
        [
          { ...key, v: 1 },
          { ...key, size: 0.2, v: 2 },
        ],
        hints,
      ),
    );
    await context.run(rowsOf([{ ...key, v: 3 }], hints));
    await holds(
      context,
      ["size", "v"],
      [
        [0.1, 3],
        [0.2, 2],
      ],
    );
  }),
  "delete-insert: a scope limits what is deleted": needing(["merge: delete-insert"], async (context) => {
    const hints: ResourceHints = {
      writeDisposition: { disposition: "merge", destinationScope: "{table}.shop = 1", sourceFilter: "shop < 3" },
      primaryKey: "id",
    };
    await context.run(
      rowsOf(
        [
          { id: 1, shop: 1 },
          { id: 2, shop: 2 },
        ],
        hints,
      ),
    );
    await context.run(
      rowsOf(
        [
          { id: 3, shop: 1 },
          { id: 4, shop: 3 },
        ],
        hints,
      ),
    );
    await holds(
      context,
      ["id", "shop"],
      [
        [2, 2],
        [3, 1],
      ],
    );
  }),
  "upsert: a row that is unchanged keeps its load id": needing(["merge: upsert"], async (context) => {
    const hints: ResourceHints = {
      writeDisposition: { disposition: "merge", strategy: "upsert", skipUnchangedRows: true },
      primaryKey: "id",
    };
    const rows = [
      { id: 1, v: null, j: 1.5 },
      { id: 2, v: "x", j: 2.5 },
    ];
    await context.run(rowsOf(rows, hints));
    const before = await context.rows("t", ["id", "_dlt_load_id"]);
    await context.run(rowsOf([rows[0], { ...rows[1], v: "y" }], hints));
    const after = await context.rows("t", ["id", "_dlt_load_id"]);
    deepStrictEqual(after[0], before[0]);
    equal(after[1]![1] === before[1]![1], false);
    await holds(
      context,
      ["id", "v"],
      [
        [1, null],
        [2, "y"],
      ],
    );
  }),
  async "a table without keys is appended to"(context) {
    await context.run(rowsOf([{ a: 1 }], { writeDisposition: "merge" }));
    await context.run(rowsOf([{ a: 1 }], { writeDisposition: "merge" }));
    await holds(context, ["a"], [[1], [1]]);
  },
  async "a key without a value is refused, and nothing of the load is there"(context) {
    await context.run(rowsOf([{ id: 1 }], merged("delete-insert")));
    const error = await context.failure(rowsOf([{ id: 2 }, { other: 1 }], merged("delete-insert")));
    equal(error.code, "NULL_NOT_ALLOWED");
    await holds(context, ["id"], [[1]]);
    deepStrictEqual(await context.columns("t"), ["id"]);
  },
});
