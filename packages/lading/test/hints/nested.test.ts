import { expect, test } from "vitest";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { parentRow } from "./kids.ts";

const first = [parentRow];
const second = [{ _dlt_id: "r2", id: 1, kids: [{ n: "7", k: 1, toys: [{ x: 2 }, { x: 3 }] }] }];

/** Hints, the hash that dlt 1.31 gives the schema after both loads, and how many rows it leaves in each table. */
const measured: readonly (readonly [string, ResourceHints, string, readonly number[]])[] = [
  [
    "a key makes a table of its own, to which rows are added",
    { nestedHints: { kids: { primaryKey: "k" } } },
    "lL3Pycr1XP6poCt+mfhxytJ/pzUvaqT9dsREke4Soog=",
    [2, 3, 3],
  ],
  [
    "or are merged by that key",
    {
      primaryKey: "id",
      writeDisposition: "merge",
      nestedHints: { kids: { primaryKey: "k", writeDisposition: "merge" } },
    },
    "QmGLzZso1Ht8QyZteRgf8Q/PCfBwDd7pfc+pV48XA9Q=",
    [1, 2, 2],
  ],
  [
    "or replaced",
    { nestedHints: { kids: { primaryKey: "k", writeDisposition: "replace" } } },
    "XOFh7A3zWsZAPXGgX58quB6k0YEw6FrAatW5Rc9nWkk=",
    [2, 1, 2],
  ],
  [
    "deeper too, where the tables between are declared, in any order",
    {
      nestedHints: {
        "kids.toys": { primaryKey: "x", writeDisposition: { disposition: "merge", strategy: "upsert" } },
        kids: {},
      },
    },
    "Vf6xa5wCLYegiuBHqu3pL+/SaVZsSvWprbGMLbz0b1Q=",
    [2, 3, 3],
  ],
];

test.each(measured)("%s", async (_, hints, hash, counts) => {
  await using p = (await place()).with({ name: "gold", dataset: "gold" });
  await p.run(rowsOf(first, hints));
  await p.run(rowsOf(second, hints));
  expect(await p.sql("SELECT version_hash FROM gold._dlt_version ORDER BY version DESC LIMIT 1")).toEqual([[hash]]);
  const tables = ["t", "t__kids", "t__kids__toys"].map((table) => `(SELECT count(*)::INT FROM gold.${table})`);
  expect(await p.sql(`SELECT ${tables.join(", ")}`)).toEqual([counts]);
});

test("columns and references of a nested table are stored as dlt stores them", async () => {
  await using p = (await place()).with({ name: "gold", dataset: "gold" });
  const references = [{ columns: ["kID"], referencedTable: "Users Table", referencedColumns: ["userId"] }];
  await p.run(rowsOf(first, { nestedHints: { kids: { columns: { kID: { dataType: "text" } }, references } } }));
  expect(await p.sql("SELECT version_hash FROM gold._dlt_version ORDER BY version DESC LIMIT 1")).toEqual([
    ["87DFDM18abNf+Ch9OCHkTENQZV7pf0Im1rqItDp5K3g="],
  ]);
});

test("a reference to another table is added, one to the same table takes its place", async () => {
  await using p = await place();
  const to = (referencedTable: string, column: string) => ({
    columns: [column],
    referencedTable,
    referencedColumns: ["id"],
  });
  await p.run(rowsOf([{ a: 1, b: 2 }], { references: [to("u", "a"), to("v", "a")] }));
  await p.run(rowsOf([{ a: 1, b: 2 }], { references: [to("u", "b")] }));
  const stored = "SELECT json_extract(schema, '$.tables.t.references[*].columns[0]') FROM d._dlt_version";
  expect(JSON.stringify(await p.sql(`${stored} ORDER BY version DESC LIMIT 1`))).toContain('b\\"');
  expect(await p.sql("SELECT count(*)::INT FROM d._dlt_version")).toEqual([[2]]);
});

test("a disposition that a nested table cannot have is said, and loads as its parent does", async () => {
  await using p = await place();
  const messages: string[] = [];
  await p.run(rowsOf(first, { nestedHints: { kids: { writeDisposition: "replace" } } }), {
    onEvent: (event) => void (event.type === "warning" && messages.push(event.message)),
  });
  expect(messages).toEqual([expect.stringContaining('"t__kids" is declared as replace, but is written with "t"')]);
});

test.each<readonly [string, ResourceHints, string]>([
  ["a table whose parent is not declared", { nestedHints: { "kids.toys": {} } }, "SCHEMA_CONFLICT"],
  ["an option that a nested table has not", { nestedHints: { kids: { tableName: "x" } as never } }, "INVALID_ARGUMENT"],
  ["an empty step", { nestedHints: { "kids.": {} } }, "NAME_EMPTY"],
  [
    "a disposition that contradicts itself",
    { nestedHints: { kids: { writeDisposition: "x" as never } } },
    "DISPOSITION_INVALID",
  ],
  [
    "a reference with columns of nothing",
    { references: [{ columns: ["a"], referencedTable: "u", referencedColumns: [] }] },
    "INVALID_ARGUMENT",
  ],
])("%s is refused", async (_, hints, code) => {
  await using p = await place();
  expect((await p.failure(rowsOf(first, hints))).code).toBe(code);
});

test("a table that was nested cannot become one of its own", async () => {
  await using p = await place();
  await p.run(rowsOf(first));
  expect((await p.failure(rowsOf(first, { nestedHints: { kids: { primaryKey: "k" } } }))).code).toBe("SCHEMA_CONFLICT");
});

test.each([
  ["replace", "replace", [0, 0]],
  ["replace", "append", [0, 1]],
  ["append", "replace", [1, 1]],
] as const)(
  "where nothing comes for a resource that is %s, its nested table that is %s is left as dlt leaves it",
  async (writeDisposition, own, counts) => {
    await using p = await place();
    const hints: ResourceHints = {
      writeDisposition,
      nestedHints: { kids: { primaryKey: "k", writeDisposition: own } },
    };
    await p.run(rowsOf([{ id: 1, kids: [{ k: 1 }] }], hints));
    await p.run(rowsOf([], hints));
    expect(await p.sql("SELECT (SELECT count(*)::INT FROM d.t), (SELECT count(*)::INT FROM d.t__kids)")).toEqual([
      counts,
    ]);
  },
);
