import { describe, expect, test } from "vitest";
import { createConfig } from "../../src/config/create-config.ts";
import { environmentProvider } from "../../src/config/environment-provider.ts";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { keyed } from "./keyed.ts";

const bigint = { dataType: "bigint", nullable: true } as const;

describe("dedupSort", () => {
  const rows = [
    { id: 1, at: 2, v: "b", l: [2] },
    { id: 1, at: 3, v: "c", l: [3] },
    { id: 1, at: 3, v: "d", l: [4, 5] },
    { id: 1, at: 1, v: "a", l: [1] },
    { id: 1, at: null, v: "n", l: [9] },
  ];

  test.each(["delete-insert", "upsert", "insert-only", "cdc", "scd2"])(
    "decides which of the rows with one key stays, by %s; of equal ones the last that came; never one without a value",
    async (strategy) => {
      for (const [dedupSort, kept, list] of [
        ["desc", "d", [4, 5]],
        ["asc", "a", [1]],
      ] as const) {
        await using p = await place();
        await p.run(rowsOf(rows, keyed({ strategy }, { columns: { at: { dedupSort } } })));
        expect(await p.sql("SELECT v FROM d.t")).toEqual([[kept]]);
        expect(await p.sql("SELECT value::INT FROM d.t__l ORDER BY 1")).toEqual(list.map((value) => [value]));
      }
    },
  );
});

describe("hardDelete", () => {
  const hints = (strategy: string, dataType: "bool" | "timestamp" = "bool"): ResourceHints =>
    keyed({ strategy }, { columns: { gone: { hardDelete: true, dataType } } });

  test.each(["delete-insert", "upsert", "cdc"])(
    "takes the row out with all that is nested in it, by %s",
    async (strategy) => {
      await using p = await place();
      await p.run(
        rowsOf(
          [1, 2].map((id) => ({ id, gone: false, l: [{ m: [id] }] })),
          hints(strategy),
        ),
      );
      await p.run(
        rowsOf(
          [
            { id: 1, gone: true, l: [{ m: [7] }] },
            { id: 2, gone: null, l: [{ m: [2] }] },
          ],
          hints(strategy),
        ),
      );
      expect(await p.sql("SELECT id FROM d.t")).toEqual([["2"]]);
      expect(await p.sql("SELECT (SELECT count(*) FROM d.t__l), (SELECT list(value) FROM d.t__l__m)")).toEqual([
        ["1", ["2"]],
      ]);
    },
  );

  test("may be anything that is not NULL, where it is no boolean", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1 }, { id: 2 }], hints("delete-insert", "timestamp")));
    await p.run(rowsOf([{ id: 1, gone: "2026-01-01T00:00:00Z" }], hints("delete-insert", "timestamp")));
    expect(await p.sql("SELECT id FROM d.t")).toEqual([["2"]]);
  });

  test("leaves nothing nested behind where insert-only passes the row over", async () => {
    await using p = await place();
    await p.run(
      rowsOf(
        [
          { id: 1, gone: false, l: [1] },
          { id: 2, gone: true, l: [2] },
        ],
        hints("insert-only"),
      ),
    );
    expect(await p.sql("SELECT id, value FROM d.t, d.t__l")).toEqual([["1", "1"]]);
  });

  test("works without a key: such rows are not added", async () => {
    await using p = await place();
    const columns = { gone: { hardDelete: true } };
    await p.run(
      rowsOf(
        [
          { id: 1, gone: false, l: [1] },
          { id: 2, gone: true, l: [2] },
        ],
        { writeDisposition: "merge", columns },
      ),
    );
    expect(await p.sql("SELECT id, value FROM d.t, d.t__l")).toEqual([["1", "1"]]);
  });

  test("takes out what was loaded before, where the newest row of a key says so", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1, gone: false }], hints("delete-insert")));
    await p.run(
      rowsOf(
        [
          { id: 1, gone: false },
          { id: 1, gone: true },
        ],
        hints("delete-insert"),
      ),
    );
    expect(await p.sql("SELECT id FROM d.t")).toEqual([]);
  });
});

describe("sourceFilter", () => {
  test("comes before the choice among rows with one key (dlt loses the row here)", async () => {
    await using p = await place();
    const hints = keyed({ sourceFilter: "v > 1" });
    await p.run(rowsOf([{ id: 1, v: 3, l: [3] }], hints));
    await p.run(
      rowsOf(
        [
          { id: 1, v: 5, l: [5] },
          { id: 1, v: 0, l: [0] },
        ],
        hints,
      ),
    );
    expect(await p.sql("SELECT v, value FROM d.t, d.t__l")).toEqual([["5", "5"]]);
  });

  test("leaves rows alone whose key came with rows only that are left out", async () => {
    await using p = await place();
    for (const strategy of ["delete-insert", "upsert"]) {
      await p.run(rowsOf([{ id: 1, v: 3, l: [3] }], keyed({ strategy, sourceFilter: "v > 1" })));
      await p.run(rowsOf([{ id: 1, v: 0, l: [0] }], keyed({ strategy, sourceFilter: "v > 1" })));
      expect(await p.sql("SELECT v, value FROM d.t, d.t__l")).toEqual([["3", "3"]]);
    }
  });

  test("may speak of columns that statements have names of their own for", async () => {
    await using p = await place();
    const rows = [{ id: 1, mark: 1, alive: 1, place: 1, arrival: 1, s: 1, l: [1] }];
    await p.run(
      rowsOf(rows, keyed({ strategy: "upsert", sourceFilter: "id + mark + alive + place + arrival + s = 6" })),
    );
    expect(await p.sql("SELECT id, alive, value FROM d.t, d.t__l")).toEqual([["1", "1", "1"]]);
  });
});

describe("destinationScope", () => {
  test("says what a delete-insert takes out, without a key", async () => {
    await using p = await place();
    const hints: ResourceHints = {
      writeDisposition: { disposition: "merge", destinationScope: "{table}.day = 'mon'" },
    };
    await p.run(
      rowsOf(
        [
          { day: "mon", l: [1] },
          { day: "tue", l: [2] },
        ],
        hints,
      ),
    );
    await p.run(rowsOf([{ day: "mon", l: [3] }], hints));
    expect(await p.sql("SELECT day FROM d.t ORDER BY 1")).toEqual([["mon"], ["tue"]]);
    expect(await p.sql("SELECT value FROM d.t__l ORDER BY 1")).toEqual([["2"], ["3"]]);
  });

  test("limits what a history retires", async () => {
    await using p = await place();
    const hints = keyed(
      { strategy: "scd2", destinationScope: "day IN (SELECT day FROM {staging_table})" },
      { primaryKey: [] },
    );
    await p.run(
      rowsOf(
        [
          { day: "mon", v: 1 },
          { day: "tue", v: 1 },
        ],
        hints,
      ),
    );
    await p.run(rowsOf([{ day: "tue", v: 2 }], hints));
    expect(await p.sql("SELECT day, v FROM d.t WHERE _dlt_valid_to IS NULL ORDER BY 1")).toEqual([
      ["mon", "1"],
      ["tue", "2"],
    ]);
  });
});

describe("a history", () => {
  test("begins at the load's own time, which its id says", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1 }], { writeDisposition: { disposition: "merge", strategy: "scd2" } }));
    const [[seconds, loadId]] = (await p.sql("SELECT (epoch_us(_dlt_valid_from))::VARCHAR, _dlt_load_id FROM d.t")) as [
      [string, string],
    ];
    expect(Number(seconds) / 1e6).toBe(Number(loadId));
  });

  test("by a version of the source's own: a row whose version did not change is left alone, with its lists", async () => {
    await using p = await place();
    const hints = {
      writeDisposition: { disposition: "merge", strategy: "scd2", rowVersionColumnName: "etag" },
    } as const;
    await p.run(rowsOf([{ id: 1, etag: "a", l: [1] }], hints));
    await p.run(
      rowsOf(
        [
          { id: 1, etag: "a", l: [1, 2] },
          { id: 2, etag: "b", l: [3] },
        ],
        hints,
      ),
    );
    expect(await p.sql("SELECT etag FROM d.t ORDER BY 1")).toEqual([["a"], ["b"]]);
    expect(
      await p.sql("SELECT value FROM d.t__l WHERE _dlt_parent_id IN (SELECT _dlt_id FROM d.t) ORDER BY 1"),
    ).toEqual([["1"], ["3"]]);
    expect(await p.sql("SELECT count(*) FROM d.t__l")).toEqual([["2"]]);
  });

  test("by versions that are counted for each key: the same version of two keys is two rows", async () => {
    await using p = await place();
    const hints = keyed({ strategy: "scd2", rowVersionColumnName: "n" });
    await p.run(rowsOf([{ id: 1, n: 1 }], hints));
    await p.run(
      rowsOf(
        [
          { id: 1, n: 1 },
          { id: 2, n: 1 },
        ],
        hints,
      ),
    );
    await p.run(
      rowsOf(
        [
          { id: 1, n: 2 },
          { id: 2, n: 1 },
        ],
        hints,
      ),
    );
    expect(await p.sql("SELECT id, n FROM d.t WHERE _dlt_valid_to IS NULL ORDER BY 1")).toEqual([
      ["1", "2"],
      ["2", "1"],
    ]);
    expect(await p.sql("SELECT count(*) FROM d.t")).toEqual([["3"]]);
  });
});

test("skipUnchangedRows leaves a row its load, and looks at NULLs too", async () => {
  await using p = await place();
  const hints = keyed({ strategy: "upsert", skipUnchangedRows: true });
  await p.run(
    rowsOf(
      [1, 2, 3].map((id) => ({ id, v: id, w: id })),
      hints,
    ),
  );
  await p.run(
    rowsOf(
      [
        { id: 1, v: 1, w: 1 },
        { id: 2, v: 2, w: null },
        { id: 3, v: 4, w: 3 },
      ],
      hints,
    ),
  );
  expect(
    await p.sql("SELECT id, v, w FROM d.t WHERE _dlt_load_id = (SELECT max(load_id) FROM d._dlt_loads) ORDER BY 1"),
  ).toEqual([
    ["2", "2", null],
    ["3", "4", "3"],
  ]);
});

test.each(["delete-insert", "upsert", "insert-only", "cdc", "scd2"])(
  "a column called rowid, which hides the one that DuckDB counts by, changes nothing: %s",
  async (strategy) => {
    await using p = await place();
    const rows = [3, 1, 2].map((rowid) => ({ id: 1, rowid, l: [rowid] }));
    await p.run(rowsOf([...rows, { id: 2, rowid: 3 }, { id: 3, rowid: null }], keyed({ strategy })));
    expect(await p.sql("SELECT id, rowid FROM d.t ORDER BY 1")).toEqual([
      ["1", "2"],
      ["2", "3"],
      ["3", null],
    ]);
    expect(await p.sql("SELECT value FROM d.t__l")).toEqual([["2"]]);
  },
);

test("deduplicated takes the source at its word", async () => {
  await using p = await place();
  await p.run(
    rowsOf(
      [
        { id: 1, v: 1 },
        { id: 1, v: 2 },
      ],
      keyed({ deduplicated: true }),
    ),
  );
  expect(await p.sql("SELECT v FROM d.t ORDER BY 1")).toEqual([["1"], ["2"]]);
});

test("a key that is NULL equals no other: such rows add up from load to load, as in dlt", async () => {
  for (const strategy of ["delete-insert", "upsert", "insert-only"]) {
    await using p = await place();
    for (const v of [1, 2]) await p.run(rowsOf([{ id: null, v }], keyed({ strategy }, { columns: { id: bigint } })));
    expect(await p.sql("SELECT v FROM d.t ORDER BY 1")).toEqual([["1"], ["2"]]);
  }
});

describe("replace by insert-from-staging", () => {
  const inserted = { disposition: "replace", strategy: "insert-from-staging" } as const;

  test("leaves what a replace leaves, nested tables and empty runs included", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 1, l: [1, 2] }], { writeDisposition: inserted }));
    await p.run(rowsOf([{ id: 2, l: [3] }], { writeDisposition: inserted }));
    expect(await p.sql("SELECT id, value FROM d.t, d.t__l")).toEqual([["2", "3"]]);
    await p.run(rowsOf([], { writeDisposition: inserted }));
    expect(await p.sql("SELECT id FROM d.t UNION ALL SELECT value FROM d.t__l")).toEqual([]);
  });

  test("may be asked for by a setting, which must be one that the destination has", async () => {
    await using p = await place();
    const config = (strategy: string): ReturnType<typeof createConfig> =>
      createConfig({
        providers: [environmentProvider({ variables: { DESTINATION__REPLACE_STRATEGY: strategy } })],
        pipelineName: "p",
      });
    const replaced = rowsOf([{ id: 1 }], { writeDisposition: "replace" });
    await p.run(replaced, { config: config("insert-from-staging") });
    expect(await p.sql("SELECT id FROM d.t")).toEqual([["1"]]);
    expect(await p.failure(replaced, { config: config("staging-optimized") })).toMatchObject({
      code: "DISPOSITION_UNSUPPORTED",
      hint: "It has: truncate-and-insert, insert-from-staging.",
    });
  });
});

test("the result says what went, and rows that are passed over did not", async () => {
  await using p = await place();
  for (const [strategy, removed] of [
    ["insert-only", 0],
    ["upsert", 2],
  ] as const) {
    const rows = rowsOf([{ id: 1 }, { id: 2 }], keyed({ strategy }, { tableName: strategy }));
    await p.run(rows);
    expect((await p.run(rows)).loads[0]!.tables[strategy.replace("-", "_")]).toMatchObject({
      rows: 2,
      removed,
      total: 2,
    });
  }
});
