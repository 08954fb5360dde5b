import { expect, test } from "vitest";
import type { ResourceHints } from "../../src/resource/index.ts";
import { place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";
import { parentRow } from "../hints/kids.ts";

const flat = [{ _dlt_id: "r0", id: 0 }];
const first = [parentRow];
const second = [{ _dlt_id: "r2", id: 1, more: 1, kids: [{ n: "7", k: 1, extra: 1 }] }];
const text = (name: string): NonNullable<ResourceHints["nestedHints"]> => ({
  kids: { columns: { [name]: { dataType: "text" } } },
});
const discardTables = { tables: "discard_row" } as const;
const discardColumns = { columns: "discard_value" } as const;

/** Two loads, the hash that dlt 1.31 gives the schema after them, and how many rows it leaves in each table. */
const measured: readonly (readonly [
  string,
  readonly (readonly [readonly unknown[], ResourceHints])[],
  string,
  Readonly<Record<string, number>>,
])[] = [
  [
    "of a table with a key is that of the source, not of the resource",
    [
      [first, { nestedHints: { kids: { primaryKey: "k" } }, schemaContract: discardColumns }],
      [second, { nestedHints: { kids: { primaryKey: "k" } }, schemaContract: discardColumns }],
    ],
    "ZPRJ2Fbq2BFesRRN30GVEt3MwYzLXAQAIc8taqeseeM=",
    { t: 2, t__kids: 3, t__kids__toys: 1 },
  ],
  [
    "of any other is that of the table around it",
    [
      [first, { nestedHints: text("z"), schemaContract: discardColumns }],
      [second, { nestedHints: text("y"), schemaContract: discardColumns }],
    ],
    "UgB34uzqpveH5oe7kLQ15B8PjQWaLvgR8OAJsdOqt1I=",
    { t: 2, t__kids: 3, t__kids__toys: 1 },
  ],
  [
    "may discard a table that is declared",
    [
      [flat, {}],
      [first, { nestedHints: text("z"), schemaContract: discardTables }],
    ],
    "2HSn4GRfpD9plWkT+jrOeXSW8XuMf0facKD7l4rkDcQ=",
    { t: 2 },
  ],
  [
    "that discards tables lets one with a key of its own be",
    [
      [flat, {}],
      [first, { nestedHints: { kids: { primaryKey: "k" } }, schemaContract: discardTables }],
    ],
    "FiFk+EoJzqxqQiz5FRgAheqR303q9K9XxOlh0VfEDYs=",
    { t: 2, t__kids: 2, t__kids__toys: 1 },
  ],
  [
    "that discards the resource's table discards its rows, whatever is declared below",
    [[first, { nestedHints: { kids: { primaryKey: "k" } }, schemaContract: discardTables }]],
    "wKTxME9EfREKE5aFfmTMaW6hqdDpynMmaVqxAUxDOOQ=",
    {},
  ],
];

test.each(measured)("a nested table's contract %s", async (_, loads, hash, counts) => {
  await using p = (await place()).with({ name: "gold", dataset: "gold" });
  for (const [rows, hints] of loads) await p.run(rowsOf(rows, hints));
  expect(await p.sql("SELECT version_hash FROM gold._dlt_version ORDER BY version DESC LIMIT 1")).toEqual([[hash]]);
  const tables = await p.sql(
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'gold' AND table_name LIKE 't%' ORDER BY 1",
  );
  const found: Record<string, number> = {};
  for (const [table] of tables)
    found[table as string] = (await p.sql(`SELECT count(*)::INT FROM gold.${table as string}`))[0]![0] as number;
  expect(found).toEqual(counts);
});

test("what is declared below a table that is discarded is discarded with it", async () => {
  await using p = await place();
  await p.run(rowsOf(flat));
  const nestedHints = { ...text("z"), "kids.toys": { columns: { y: { dataType: "text" } } } } as const;
  const result = await p.run(rowsOf(first, { nestedHints, schemaContract: discardTables }));
  expect(result.resources["t"]!.discarded).toEqual({ t__kids: { rows: 2, values: 0 } });
  expect(await p.sql("SELECT count(*)::INT FROM d.t")).toEqual([[2]]);
});

test("what is declared of a nested table may be frozen: CONTRACT_VIOLATED", async () => {
  await using p = await place();
  await p.run(rowsOf(flat));
  const error = await p.failure(rowsOf(first, { nestedHints: text("z"), schemaContract: { tables: "freeze" } }));
  expect(error).toMatchObject({ code: "CONTRACT_VIOLATED", details: { table: "t__kids", entity: "tables" } });
});
