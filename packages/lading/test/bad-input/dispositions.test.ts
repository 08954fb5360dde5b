import { describe, expect, test } from "vitest";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place } from "./place.ts";
import { merged, rowsOf } from "./rows-of.ts";

const replaced = { writeDisposition: "replace" } as const;

describe("a write disposition that changes between runs", () => {
  const first = [
    { id: 1, l: [1, 2], deep: [{ m: [{ v: 1 }, { v: 2 }] }] },
    { id: 2, l: [3], deep: [{ m: [{ v: 3 }] }] },
  ];

  test("from append to merge: rows that were there get the id of their root, and are replaced with it", async () => {
    await using p = await place();
    await p.run(rowsOf(first));
    await p.run(rowsOf([{ id: 3, l: [], deep: [] }], merged));
    await p.run(rowsOf([{ id: 1, l: [9], deep: [{ m: [{ v: 9 }] }] }], merged));
    for (const [table, join] of [
      ["t__l", "c._dlt_parent_id"],
      ["t__deep", "c._dlt_parent_id"],
      ["t__deep__m", "(SELECT _dlt_parent_id FROM d.t__deep AS p WHERE p._dlt_id = c._dlt_parent_id)"],
    ]) {
      expect(await p.sql(`SELECT count(*) FROM d.${table} AS c WHERE c._dlt_root_id IS DISTINCT FROM ${join}`)).toEqual(
        [["0"]],
      );
      expect(
        await p.sql(`SELECT count(*) FROM d.${table} AS c WHERE c._dlt_root_id NOT IN (SELECT _dlt_id FROM d.t)`),
      ).toEqual([["0"]]);
    }
    expect(await p.sql("SELECT id FROM d.t ORDER BY id")).toEqual([["1"], ["2"], ["3"]]);
    expect(await p.sql("SELECT value FROM d.t__l ORDER BY 1")).toEqual([["3"], ["9"]]);
    expect(await p.sql("SELECT v FROM d.t__deep__m ORDER BY 1")).toEqual([["3"], ["9"]]);
  });

  test("in the very run that also replaces rows that were appended", async () => {
    await using p = await place();
    await p.run(rowsOf(first));
    await p.run(rowsOf([{ id: 1, l: [9], deep: [{ m: [{ v: 9 }] }] }], merged));
    expect(await p.sql("SELECT value FROM d.t__l ORDER BY 1")).toEqual([["3"], ["9"]]);
    expect(await p.sql("SELECT v FROM d.t__deep__m ORDER BY 1")).toEqual([["3"], ["9"]]);
  });

  test("and back and forth: what was appended in between is found as well", async () => {
    await using p = await place();
    await p.run(rowsOf(first));
    await p.run(rowsOf([{ id: 3, l: [], deep: [] }], merged));
    await p.run(rowsOf([{ id: 4, l: [4], deep: [{ m: [{ v: 4 }] }] }]));
    await p.run(rowsOf([{ id: 4, l: [5], deep: [{ m: [{ v: 5 }] }] }, { id: 1 }], merged));
    expect(await p.sql("SELECT value FROM d.t__l ORDER BY 1")).toEqual([["3"], ["5"]]);
    expect(await p.sql("SELECT v FROM d.t__deep__m ORDER BY 1")).toEqual([["3"], ["5"]]);
  });

  test("through all of them", async () => {
    await using p = await place();
    const steps: readonly (readonly [ResourceHints, unknown, readonly (readonly [string, number])[]])[] = [
      [{}, { id: 1, l: [1] }, [["1", 1]]],
      [merged, { id: 1, l: [2] }, [["1", 1]]],
      [
        {},
        { id: 1, l: [3, 4] },
        [
          ["1", 1],
          ["1", 2],
        ],
      ],
      [merged, { id: 1, l: [5] }, [["1", 1]]],
      [replaced, { id: 5 }, [["5", 0]]],
      [merged, { id: 5, l: [6] }, [["5", 1]]],
    ];
    for (const [hints, row, expected] of steps) {
      await p.run(rowsOf([row], hints));
      const rows = await p.sql(
        "SELECT id, (SELECT count(*) FROM d.t__l AS l WHERE l._dlt_parent_id = t._dlt_id)::INT AS n FROM d.t ORDER BY id, n",
      );
      expect(rows).toEqual(expected);
    }
    expect(await p.sql("SELECT count(*) FROM d.t__l")).toEqual([["1"]]);
  });
});

describe("merge", () => {
  test("keeps the last of two rows with the same key in one load, with what is nested in it", async () => {
    await using p = await place();
    const pages = [
      [
        { id: 1, n: 1, l: [1, 2] },
        { id: 1, n: 2, l: [3] },
      ],
      [
        { id: 2, n: 3, l: [4] },
        { id: 1, n: 4, l: [5, 6] },
      ],
    ];
    await p.run(rowsOf(pages, merged));
    expect(await p.sql("SELECT id, n FROM d.t ORDER BY id")).toEqual([
      ["1", "4"],
      ["2", "3"],
    ]);
    expect(await p.sql("SELECT value FROM d.t__l ORDER BY 1")).toEqual([["4"], ["5"], ["6"]]);
  });

  test("by a key of several columns replaces a row only where all are equal", async () => {
    await using p = await place();
    const hints = { writeDisposition: "merge", primaryKey: ["a", "b"] } as const;
    await p.run(
      rowsOf(
        [
          { a: 1, b: 1, n: 1 },
          { a: 1, b: 2, n: 2 },
          { a: 2, b: 1, n: 3 },
        ],
        hints,
      ),
    );
    await p.run(
      rowsOf(
        [
          { a: 1, b: 2, n: 20 },
          { a: 2, b: 2, n: 4 },
        ],
        hints,
      ),
    );
    expect(await p.sql("SELECT a, b, n FROM d.t ORDER BY ALL")).toEqual([
      ["1", "1", "1"],
      ["1", "2", "20"],
      ["2", "1", "3"],
      ["2", "2", "4"],
    ]);
  });

  test("by a merge key replaces all rows that have it, and keeps all that come", async () => {
    await using p = await place();
    const hints = { writeDisposition: "merge", mergeKey: "day" } as const;
    await p.run(
      rowsOf(
        [
          { day: "mon", n: 1, l: [1] },
          { day: "mon", n: 2, l: [2] },
          { day: "tue", n: 3, l: [3] },
        ],
        hints,
      ),
    );
    await p.run(
      rowsOf(
        [
          { day: "mon", n: 4, l: [4] },
          { day: "mon", n: 4, l: [5] },
        ],
        hints,
      ),
    );
    expect(await p.sql("SELECT day, n FROM d.t ORDER BY ALL")).toEqual([
      ["mon", "4"],
      ["mon", "4"],
      ["tue", "3"],
    ]);
    expect(await p.sql("SELECT value FROM d.t__l ORDER BY 1")).toEqual([["3"], ["4"], ["5"]]);
  });

  test("by both takes out what either finds, and keeps the last of each primary key", async () => {
    await using p = await place();
    const hints = { writeDisposition: "merge", primaryKey: "id", mergeKey: "day" } as const;
    await p.run(
      rowsOf(
        [
          { id: 1, day: "mon" },
          { id: 2, day: "mon" },
          { id: 3, day: "tue" },
          { id: 4, day: "wed" },
        ],
        hints,
      ),
    );
    await p.run(
      rowsOf(
        [
          { id: 3, day: "mon", n: 1 },
          { id: 3, day: "mon", n: 2 },
        ],
        hints,
      ),
    );
    expect(await p.sql("SELECT id, day, n FROM d.t ORDER BY id")).toEqual([
      ["3", "mon", "2"],
      ["4", "wed", null],
    ]);
  });

  test("without any key adds the rows", async () => {
    await using p = await place();
    const hints = { writeDisposition: "merge" } as const;
    await p.run(rowsOf([{ id: 1, l: [1] }], hints));
    await p.run(rowsOf([{ id: 1, l: [2] }], hints));
    expect(await p.sql("SELECT id FROM d.t")).toEqual([["1"], ["1"]]);
    expect(await p.sql("SELECT value FROM d.t__l ORDER BY 1")).toEqual([["1"], ["2"]]);
  });

  test("of nothing changes nothing", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1 }], merged));
    expect((await p.run(rowsOf([], merged))).kind).toBe("nothing");
    expect(await p.sql("SELECT id FROM d.t")).toEqual([["1"]]);
  });

  test("of a nested row that brings an id of its own, as in dlt without a link to its parent", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1, l: [{ _dlt_id: "own", v: 1 }] }]));
    expect(await p.sql("SELECT v, _dlt_id FROM d.t__l")).toEqual([["1", "own"]]);
  });
});

describe("replace", () => {
  test("leaves nothing of before, in nested tables neither", async () => {
    await using p = await place();
    await p.run(
      rowsOf(
        [
          { id: 1, l: [{ m: [1, 2] }] },
          { id: 2, l: [{ m: [3] }] },
        ],
        replaced,
      ),
    );
    await p.run(rowsOf([{ id: 3 }], replaced));
    expect(
      await p.sql("SELECT (SELECT list(id) FROM d.t), (SELECT count(*) FROM d.t__l), (SELECT count(*) FROM d.t__l__m)"),
    ).toEqual([[["3"], "0", "0"]]);
  });

  test("that fails leaves what was there", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1, l: [1] }], replaced));
    await p.sql("ALTER TABLE d.t__l ALTER value TYPE BOOLEAN");
    expect(await p.failure(rowsOf([{ id: 2, l: [2] }], replaced))).toMatchObject({ code: "TABLE_CHANGED" });
    expect(await p.sql("SELECT id FROM d.t")).toEqual([["1"]]);
    await p.sql("ALTER TABLE d.t__l ALTER value TYPE BIGINT");
    await p.run(rowsOf([{ id: 2, l: [2] }], replaced));
    expect(await p.sql("SELECT id, value FROM d.t, d.t__l")).toEqual([["2", "2"]]);
  });
});
