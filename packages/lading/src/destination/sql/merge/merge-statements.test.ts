import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rootRowColumn } from "../../../schema/merge-strategy.ts";
import { newSchema } from "../../../schema/new-schema.ts";
import type { ColumnSchema, TableSchema } from "../../../schema/schema.ts";
import type { Dialect } from "../dialect.ts";
import { mergeStatements, replaceFromStaging, type MergeTables } from "./index.ts";

const types: Readonly<Record<string, string>> = {
  bigint: "BIGINT",
  text: "VARCHAR",
  timestamp: "TIMESTAMP WITH TIME ZONE",
};
const dialect: Dialect = {
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  literal: (text) => `'${text.replaceAll("'", "''")}'`,
  columnType: (column) => types[column.data_type!]!,
  alterAddsMany: false,
  alterAddsNotNull: false,
};
const column = (name: string, hints: Partial<ColumnSchema> = {}): [string, ColumnSchema] => [
  name,
  {
    name,
    data_type: name.startsWith("_dlt_valid") ? "timestamp" : name.startsWith("_dlt") ? "text" : "bigint",
    ...hints,
  },
];

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
  await connection.run("SET TimeZone='UTC'");
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const rows = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRowsJson();

function tables(): MergeTables {
  let count = 0;
  return {
    target: (name) => `memory.main."${name}"`,
    staging: (name) => `temp.main."s_${name}"`,
    arrival: "rowid",
    temporary: (purpose) => `temp.main."${purpose}_${count++}"`,
  };
}

/** A table `t` with a list `t__l`, both with rows of an earlier load, and rows that came. */
async function merged(hints: Partial<TableSchema>, own: readonly [string, ColumnSchema][] = []): Promise<void> {
  const schema = newSchema("s");
  const t: TableSchema = {
    name: "t",
    resource: "t",
    write_disposition: "merge",
    ...hints,
    columns: new Map([column("id", { primary_key: true }), column("v"), column("_dlt_id", { row_key: true }), ...own]),
  };
  const l: TableSchema = {
    name: "t__l",
    parent: "t",
    columns: new Map([
      column("value"),
      column("_dlt_root_id", { root_key: true }),
      column("_dlt_id", { row_key: true }),
    ]),
  };
  schema.tables.set("t", t).set("t__l", l);
  for (const statement of mergeStatements({ dialect, tables: tables(), schema, chain: [t, l], loadId: "1767225600.5" }))
    await connection.run(statement);
}

beforeEach(async () => {
  const mark = dialect.quote(rootRowColumn);
  for (const [table, columns] of [
    ["t", "id BIGINT, v BIGINT, _dlt_valid_from TIMESTAMPTZ, _dlt_valid_to TIMESTAMPTZ, _dlt_id VARCHAR"],
    ["t__l", "value BIGINT, _dlt_root_id VARCHAR, _dlt_id VARCHAR"],
  ]) {
    await connection.run(`CREATE OR REPLACE TABLE "${table}" (${columns})`);
    await connection.run(`CREATE OR REPLACE TEMPORARY TABLE "s_${table}" (${columns}, ${mark} VARCHAR)`);
  }
  for (const [name] of (await rows(
    "SELECT table_name FROM duckdb_tables() WHERE temporary AND table_name NOT LIKE 's\\_%' ESCAPE '\\'",
  )) as [string][])
    await connection.run(`DROP TABLE temp.main."${name}"`);
  await connection.run("INSERT INTO t (id, v, _dlt_id) VALUES (1, 1, 'a'), (2, 2, 'b')");
  await connection.run("INSERT INTO t__l VALUES (1, 'a', 'a0'), (2, 'b', 'b0'), (3, 'b', 'b1')");
  // Row 2 comes twice, the second time with a shorter list.
  await connection.run(
    "INSERT INTO s_t (id, v, _dlt_id, \"\"\"root row\"\"\") VALUES (2, 8, 'b', 'm'), (3, 3, 'c', 'n'), (2, 9, 'b', 'o')",
  );
  await connection.run(
    "INSERT INTO s_t__l VALUES (8, 'b', 'b0', 'm'), (8, 'b', 'b1', 'm'), (7, 'c', 'c0', 'n'), (9, 'b', 'b0', 'o')",
  );
});

/** Both tables on a line each: `id v` and `_dlt_id value` of their rows. */
const stored = async (): Promise<string[]> => {
  const shown = async (sql: string): Promise<string> => (await rows(sql)).map((row) => row.join(" ")).join(", ");
  return [
    await shown("SELECT id::INT, v::INT FROM t ORDER BY ALL"),
    await shown("SELECT _dlt_id, value::INT FROM t__l ORDER BY ALL"),
  ];
};

describe("rows that came are merged", () => {
  test("by upsert: the last row of a key, with the list that came with it", async () => {
    await merged({ "x-merge-strategy": "upsert" });
    expect(await stored()).toEqual(["1 1, 2 9, 3 3", "a0 1, b0 9, c0 7"]);
  });

  test("by cdc: what did not come is gone", async () => {
    await merged({ "x-merge-strategy": "cdc" });
    expect(await stored()).toEqual(["2 9, 3 3", "b0 9, c0 7"]);
  });

  test("by insert-only: what is there stays", async () => {
    await merged({ "x-merge-strategy": "insert-only" });
    expect(await stored()).toEqual(["1 1, 2 2, 3 3", "a0 1, b0 2, b1 3, c0 7"]);
  });

  test("by scd2: what did not come is retired at the time of the load", async () => {
    await merged({ "x-merge-strategy": "scd2" }, [
      column("_dlt_valid_from", { "x-valid-from": true }),
      column("_dlt_valid_to", { "x-valid-to": true, "x-active-record-timestamp": null }),
      column("_dlt_id", { "x-row-version": true, row_key: false }),
    ]);
    const at = "2026-01-01 00:00:00.5+00";
    expect(await rows("SELECT id::INT, _dlt_valid_from, _dlt_valid_to FROM t ORDER BY ALL")).toEqual([
      [1, null, at],
      [2, null, null],
      [3, at, null],
    ]);
  });

  test("by delete-insert, whose ids are drawn: rows with the id that stays", async () => {
    await connection.run('UPDATE s_t SET _dlt_id = """root row"""');
    await connection.run('UPDATE s_t__l SET _dlt_root_id = """root row""", _dlt_id = """root row""" || _dlt_id');
    await merged({});
    expect(await stored()).toEqual(["1 1, 2 9, 3 3", "a0 1, nc0 7, ob0 9"]);
  });
});

test("a replaced table has what is in its staging table", async () => {
  const columns = new Map([column("id"), column("v")]);
  for (const statement of replaceFromStaging(dialect, tables(), [{ name: "t", columns }]))
    await connection.run(statement);
  expect(await rows("SELECT id::INT, v::INT FROM t ORDER BY ALL")).toEqual([
    [2, 8],
    [2, 9],
    [3, 3],
  ]);
});

test("a strategy of a later version is refused by its name", async () => {
  await expect(merged({ "x-merge-strategy": "mirror" })).rejects.toMatchObject({
    code: "DISPOSITION_UNSUPPORTED",
    message: 'The table "t" is merged by "mirror", which is not known.',
  });
});

test("a history without its columns, or with a boundary that is none, is refused", async () => {
  await expect(merged({ "x-merge-strategy": "scd2" })).rejects.toMatchObject({ code: "DISPOSITION_INVALID" });
  const columns = [
    column("_dlt_valid_from", { "x-valid-from": true }),
    column("_dlt_valid_to", { "x-valid-to": true }),
    column("_dlt_id", { "x-row-version": true }),
  ];
  await expect(merged({ "x-merge-strategy": "scd2", "x-boundary-timestamp": "soon" }, columns)).rejects.toMatchObject({
    code: "DISPOSITION_INVALID",
    message: '"soon" in the schema is no timestamp.',
  });
});
