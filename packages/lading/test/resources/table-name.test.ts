import { expect, test } from "vitest";
import {
  incremental,
  page,
  resource,
  source,
  transformer,
  type Resource,
  type ResourceHints,
  type RunEvent,
} from "../../src/index.ts";
import { place, type Place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";

const byType = ({ t }: { t: unknown }): string => t as string;
const events = (rows: readonly unknown[], hints: ResourceHints = {}): Resource =>
  rowsOf(rows, { name: "events", ...hints, tableName: byType as (row: unknown) => string });

async function hashOf(p: Place): Promise<unknown> {
  const [[hash]] = (await p.sql("SELECT version_hash FROM gold._dlt_version ORDER BY version DESC LIMIT 1")) as [
    [string],
  ];
  return hash;
}

const list = [{ x: 1 }];

/** Hints, what comes in each run, the hash that dlt 1.31 gives the schema in the end, and how many rows it leaves in which tables. */
const measured: readonly (readonly [string, ResourceHints, readonly (readonly object[])[], string, object])[] = [
  [
    "rows are added to the tables that a function names",
    {},
    [
      [
        { t: "a", id: 1, l: list },
        { t: "b", id: 2 },
      ],
      [
        { t: "b", id: 3 },
        { t: "c", id: 4 },
      ],
    ],
    "ZaT36uJw2VI4ghoLTUpPu8Vj9BlSqfqVpTdzdp9cN90=",
    { a: 1, a__l: 1, b: 2, c: 1 },
  ],
  [
    "a resource that replaces empties its tables that no row came for, with their lists",
    { writeDisposition: "replace" },
    [
      [
        { t: "a", id: 1, l: list },
        { t: "b", id: 2 },
      ],
      [{ t: "b", id: 3 }],
    ],
    "qRZnV/eKc+HqIL/d5iT02JledtHqeiKjPUMozoaptbw=",
    { a: 0, a__l: 0, b: 1 },
  ],
  [
    "and all of them where nothing came",
    { writeDisposition: "replace" },
    [
      [
        { t: "a", id: 1, l: list },
        { t: "b", id: 2 },
      ],
      [],
    ],
    "qRZnV/eKc+HqIL/d5iT02JledtHqeiKjPUMozoaptbw=",
    { a: 0, a__l: 0, b: 0 },
  ],
  [
    "rows are merged by key within their table",
    { writeDisposition: "merge", primaryKey: "id", columns: { id: { dataType: "bigint" } } },
    [
      [
        { t: "a", id: 1, l: list },
        { t: "b", id: 2 },
      ],
      [{ t: "b", id: 2, l: [3] }],
    ],
    "YvgQGFYz5abTvuGtHHnBz5Ij2wBIQ3KslJJWfUs91WU=",
    { a: 1, a__l: 1, b: 1, b__l: 1 },
  ],
  [
    "a list that nested hints made a root stays as they say",
    {
      writeDisposition: "replace",
      maxTableNesting: 1,
      nestedHints: { l: { primaryKey: "x", writeDisposition: "append" } },
    },
    [
      [
        { t: "a", id: 1, l: list },
        { t: "b", id: 2 },
      ],
      [{ t: "b", id: 3 }],
    ],
    "GXlbOoAwJaJI8AAkhqV+Ql00Jg7y/dszUP4nMVPBdqo=",
    { a: 0, a__l: 1, b: 1 },
  ],
];

test.each(measured)("%s", async (_, hints, runs, hash, counts) => {
  await using p = (await place()).with({ name: "gold", dataset: "gold" });
  for (const rows of runs) await p.run(events(rows, hints));
  for (const [table, count] of Object.entries(counts)) {
    expect([table, await p.sql(`SELECT count(*)::INT FROM gold."${table}"`)]).toEqual([table, [[count]]]);
  }
  expect(await hashOf(p)).toBe(hash);
});

test("each table goes by the strategy and has the columns that the resource declares", async () => {
  await using p = await place();
  const hints: ResourceHints = { writeDisposition: { disposition: "merge", strategy: "scd2" } };
  await p.run(
    events(
      [
        { t: "a", id: 1 },
        { t: "b", id: 1 },
      ],
      hints,
    ),
  );
  await p.run(events([{ t: "a", id: 2 }], hints));
  // Nothing came for b: as where a resource with one table reads nothing, what is there stays.
  expect(await p.sql("SELECT id, _dlt_valid_to IS NULL FROM d.a ORDER BY id")).toEqual([
    ["1", false],
    ["2", true],
  ]);
  expect(await p.sql("SELECT id, _dlt_valid_to IS NULL FROM d.b")).toEqual([["1", true]]);
});

test("tables are replaced by way of staging tables where that is asked for", async () => {
  await using p = await place();
  const hints: ResourceHints = { writeDisposition: { disposition: "replace", strategy: "insert-from-staging" } };
  await p.run(events([{ t: "a", id: 1 }], hints));
  await p.run(
    events(
      [
        { t: "a", id: 2 },
        { t: "b", id: 3 },
      ],
      hints,
    ),
  );
  expect(await p.sql("SELECT id FROM d.a UNION ALL SELECT id FROM d.b")).toEqual([["2"], ["3"]]);
});

test("the row is as it is loaded: after map, filter and validation, with every digit", async () => {
  await using p = await place();
  const big = 9_007_199_254_740_993n;
  const text = `[{"id":${big},"kind":"odd"},{"id":2,"kind":"even"},{"id":3,"kind":"none"}]`;
  const seen: unknown[] = [];
  const rows = resource("numbers", () => [
    page({
      rows: JSON.parse(text) as { id: number | bigint; kind: string }[],
      exact: () => [
        new Map<string, bigint | string>([
          ["id", big],
          ["kind", "odd"],
        ]),
        new Map<string, bigint | string>([
          ["id", 2n],
          ["kind", "even"],
        ]),
        new Map<string, bigint | string>([
          ["id", 3n],
          ["kind", "none"],
        ]),
      ],
    }),
  ])
    .filter(({ kind }) => kind !== "none")
    .map(({ kind, ...rest }) => ({ ...rest, to: `The ${kind}` }))
    .with({ tableName: (row) => (seen.push(row.id), row.to) });
  const { loads } = await p.run(rows);
  expect(seen).toEqual([big, 2]);
  expect(await p.sql("SELECT id FROM d.the_odd UNION ALL SELECT id FROM d.the_even")).toEqual([[String(big)], ["2"]]);
  expect(loads[0]!.tables).toMatchObject({ the_odd: { rows: 1 }, the_even: { rows: 1 } });
});

test("a transformer, and a resource with a cursor, name tables too", async () => {
  await using p = await place();
  const rows = [
    { id: 1, kind: "x" },
    { id: 2, kind: "y" },
  ];
  const read = resource({ name: "read", incremental: incremental("id"), tableName: ({ kind }) => kind }, rows);
  const half = transformer({ name: "half", from: read }, ({ id, kind }) => ({ of: kind, id: id / 2 })).with({
    tableName: (row) => `${row.of}_half`,
  });
  await p.run(source("p", [read, half]));
  const { kind } = await p.run(source("p", [read, half]));
  expect(kind).toBe("nothing");
  expect(await p.sql("SELECT id FROM d.x UNION ALL SELECT id FROM d.y")).toEqual([["1"], ["2"]]);
  expect(await p.sql("SELECT id FROM d.x_half UNION ALL SELECT id FROM d.y_half")).toEqual([[0.5], [1]]);
});

test.each([
  ["", "NAME_EMPTY"],
  ["  ", "NAME_EMPTY"],
  ["__", "NAME_EMPTY"],
  [null, "NAME_EMPTY"],
  [undefined, "NAME_EMPTY"],
  [5, "NAME_EMPTY"],
  ["_dlt_loads", "INVALID_ARGUMENT"],
])("a row for the table %o is refused, with its place", async (t, code) => {
  await using p = await place();
  const error = await p.failure(events([{ t: "a" }, { t }]));
  expect(error).toMatchObject({ code, details: { resource: "events", page: 1, row: 1 } });
  expect(error.message).toContain("(resource events, page 1, row 2)");
});

test("so are a function that fails, and rows that a table cannot hold, by their place in the page", async () => {
  await using p = await place();
  const failing = resource({ name: "events", tableName: (row) => row.t.name }, () => [
    { t: { name: "a" } },
    { t: undefined as unknown as { name: string } },
  ]);
  expect(await p.failure(failing)).toMatchObject({ code: "ROW_INVALID", details: { row: 1 } });
  const odd = events([{ t: "a" }, { t: "b" }, { t: "b", bad: () => 1 }]);
  expect(await p.failure(odd)).toMatchObject({ code: "ROW_INVALID", details: { row: 2 } });
});

test("a row cannot go to the table of a list in other rows", async () => {
  await using p = await place();
  const withList = { t: "a", l: list };
  expect(await p.failure(events([withList, { t: "a__l" }]))).toMatchObject({
    code: "INVALID_ARGUMENT",
    details: { table: "a__l", row: 1 },
  });
  await p.with({ home: "other", dataset: "e" }).run(events([withList]));
  expect(await p.with({ home: "other", dataset: "e" }).failure(events([{ t: "a__l" }]))).toMatchObject({
    code: "INVALID_ARGUMENT",
    details: { table: "a__l" },
  });
});

test("a contract is asked of each table when its first row comes", async () => {
  await using p = await place();
  await p.run(events([{ t: "a", id: 1 }]));
  const frozen = events(
    [
      { t: "a", id: 2 },
      { t: "c", id: 3 },
    ],
    { schemaContract: { tables: "freeze" } },
  );
  expect(await p.failure(frozen)).toMatchObject({ code: "CONTRACT_VIOLATED", details: { table: "c", row: 1 } });
  const discards = events(
    [
      { t: "c", id: 3 },
      { t: "a", id: 4 },
      { t: "c", id: 5 },
    ],
    { schemaContract: { tables: "discard_row" } },
  );
  const { resources } = await p.run(discards, { fresh: true });
  expect(resources["events"]).toMatchObject({ rows: 3, discarded: { c: { rows: 2 } } });
  expect(await p.sql("SELECT id FROM d.a ORDER BY id")).toEqual([["1"], ["4"]]);
});

test("what two resources declare of one table is what the first says; where the second says otherwise, there is a warning", async () => {
  await using p = (await place()).with({ name: "gold", dataset: "gold" });
  const first = resource({ name: "r1", tableName: "both" }, [{ a: 1 }]);
  const hints = { primaryKey: "k", writeDisposition: "merge", columns: { z: { dataType: "text" } } } as const;
  const second = resource({ name: "r2", tableName: "both", ...hints }, [{ b: 2, k: 1 }]);
  const warnings: string[] = [];
  const onEvent = (event: RunEvent): void => void (event.type === "warning" && warnings.push(event.message));
  await p.run(source("gold", [first, second]), { onEvent });
  // By dlt 1.31.
  expect(await hashOf(p)).toBe("4Z7bspri7M6A1L4WErGKIJue6YaRZRbIeuRwuWVYNEo=");
  expect(warnings).toEqual([
    '"r2" writes to "both", which "r1" has declared otherwise: what that one declares counts.',
  ]);
  const same = source("gold", [first, second.with({ primaryKey: [], writeDisposition: "append", columns: {} })]);
  warnings.length = 0;
  await p.run(same, { onEvent });
  expect(warnings).toEqual([]);
});

test("resources that merge by different strategies cannot share a table that a function names either", async () => {
  await using p = await place();
  const upsert = { disposition: "merge", strategy: "upsert" } as const;
  const rows = [{ id: 1, t: "x" }];
  const one = resource({ name: "one", primaryKey: "id", writeDisposition: upsert, tableName: "x" }, rows);
  const other = resource({ name: "other", primaryKey: "id", writeDisposition: "merge", tableName: byType }, rows);
  expect(await p.failure(source("p", [one, other]))).toMatchObject({ code: "DISPOSITION_INVALID" });
});
