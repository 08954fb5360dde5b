import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { incremental, type PipelineSource } from "../../src/index.ts";
import { sqlDatabase, sqlTable } from "../../src/sources/sql-database/index.ts";
import { dropSchemas, postgresDatabase, withClient, type PostgresDatabase } from "../postgres/server.ts";
import { place } from "../sources/place.ts";

let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
});
afterAll(() => server.stop());
beforeEach(() => dropSchemas(server.url));

/** Runs statements in the schema `shop`. */
async function prepare(...statements: readonly string[]): Promise<void> {
  await withClient(server.url, async (client) => {
    await client.query("CREATE SCHEMA IF NOT EXISTS shop");
    await client.query("SET search_path = shop");
    for (const statement of statements) await client.query(statement);
  });
}

const shop = (...tables: Parameters<typeof sqlDatabase>[0]["tables"]): PipelineSource =>
  sqlDatabase({ credentials: server.url, schema: "shop", tables });

describe("types", { timeout: 60_000 }, () => {
  test("each value arrives as it is", async () => {
    await prepare(
      `CREATE TYPE mood AS ENUM ('sad', 'happy')`,
      `CREATE DOMAIN price AS numeric(10,2)`,
      `CREATE TABLE everything (
        id bigint PRIMARY KEY, small smallint, flag boolean, whole numeric, cents numeric(10,2), tagged price,
        real real, double double precision, word text, short varchar(10), blob bytea, uid uuid, mood mood,
        moment timestamptz, wall timestamp, day date, clock time, js json, jsb jsonb, list int[], words text[],
        span int4range, net inet, gap interval)`,
      `INSERT INTO everything VALUES
        (9007199254740993, -32768, true, 12345678901234567890.123456789, 12345678.90, 1.50, 0.1, 1e300, E'tab\\there "q"\\n', 'ab',
         '\\x00ff', '00000000-0000-0000-0000-000000000001', 'happy', '2024-01-02 03:04:05.123456+02', '2024-01-02 03:04:05.1',
         '2024-02-29', '23:59:59.999999', '{"a": 9007199254740993, "b": [1.0]}', '{"b": null}', '{1,2,NULL}', '{a,"b c"}', '[1,5)', '10.0.0.0/8', '1 day'),
        (1, ${Array.from({ length: 23 }, () => "NULL").join(", ")}),
        (2, 0, false, 0, 0, 0, 0, 0, '', '', '', NULL, NULL, '0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999999', '0001-01-01', '00:00', '[]', '[]', '{}', '{}', 'empty', '::1', '0')`,
    );
    await using there = await place();
    await there.run(shop("everything"));
    const columns = await there.rows(
      "SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'd' AND table_name = 'everything' ORDER BY ordinal_position",
    );
    expect(columns).toMatchInlineSnapshot(`
      [
        [
          "id",
          "BIGINT",
          "NO",
        ],
        [
          "small",
          "BIGINT",
          "YES",
        ],
        [
          "flag",
          "BOOLEAN",
          "YES",
        ],
        [
          "whole",
          "DECIMAL(38,9)",
          "YES",
        ],
        [
          "cents",
          "DECIMAL(10,2)",
          "YES",
        ],
        [
          "tagged",
          "DECIMAL(10,2)",
          "YES",
        ],
        [
          "real",
          "DOUBLE",
          "YES",
        ],
        [
          "double",
          "DOUBLE",
          "YES",
        ],
        [
          "word",
          "VARCHAR",
          "YES",
        ],
        [
          "short",
          "VARCHAR",
          "YES",
        ],
        [
          "blob",
          "BLOB",
          "YES",
        ],
        [
          "uid",
          "VARCHAR",
          "YES",
        ],
        [
          "mood",
          "VARCHAR",
          "YES",
        ],
        [
          "moment",
          "TIMESTAMP WITH TIME ZONE",
          "YES",
        ],
        [
          "wall",
          "TIMESTAMP",
          "YES",
        ],
        [
          "day",
          "DATE",
          "YES",
        ],
        [
          "clock",
          "TIME",
          "YES",
        ],
        [
          "js",
          "JSON",
          "YES",
        ],
        [
          "jsb",
          "JSON",
          "YES",
        ],
        [
          "list",
          "JSON",
          "YES",
        ],
        [
          "words",
          "JSON",
          "YES",
        ],
        [
          "span",
          "VARCHAR",
          "YES",
        ],
        [
          "net",
          "VARCHAR",
          "YES",
        ],
        [
          "gap",
          "VARCHAR",
          "YES",
        ],
        [
          "_dlt_load_id",
          "VARCHAR",
          "NO",
        ],
        [
          "_dlt_id",
          "VARCHAR",
          "NO",
        ],
      ]
    `);
    expect(await there.rows("SELECT * EXCLUDE (_dlt_id, _dlt_load_id) FROM d.everything ORDER BY id"))
      .toMatchInlineSnapshot(`
        [
          [
            "1",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
          ],
          [
            "2",
            "0",
            false,
            "0.000000000",
            "0.00",
            "0.00",
            0,
            0,
            "",
            "",
            "",
            null,
            null,
            "0001-01-01 00:00:00+00",
            "9999-12-31 23:59:59.999999",
            "0001-01-01",
            "00:00:00",
            "[]",
            "[]",
            "[]",
            "[]",
            "empty",
            "::1",
            "PT0S",
          ],
          [
            "9007199254740993",
            "-32768",
            true,
            "12345678901234567890.123456789",
            "12345678.90",
            "1.50",
            0.1,
            1e+300,
            "tab	here "q"
        ",
            "ab",
            "\\x00\\xFF",
            "00000000-0000-0000-0000-000000000001",
            "happy",
            "2024-01-02 01:04:05.123456+00",
            "2024-01-02 03:04:05.1",
            "2024-02-29",
            "23:59:59.999999",
            "{"a": 9007199254740993, "b": [1.0]}",
            "{"b": null}",
            "[1,2,null]",
            "["a","b c"]",
            "[1,5)",
            "10.0.0.0/8",
            "P1D",
          ],
        ]
      `);
  });
});

describe("a table that is split", { timeout: 60_000 }, () => {
  test("is read by several connections, each row once", async () => {
    await prepare(
      "CREATE TABLE orders AS SELECT n::bigint AS id, md5(n::text) AS word FROM generate_series(-3000, 7000) AS n",
    );
    await prepare("ALTER TABLE orders ADD PRIMARY KEY (id)");
    await using there = await place();
    await there.run(
      shop(
        { table: "orders", split: { chunks: 4 }, chunkSize: 700 },
        { table: "orders", name: "words", split: { chunks: 3, column: "word" }, chunkSize: 700 },
      ),
    );
    for (const table of ["orders", "words"]) {
      expect(await there.rows(`SELECT count(*), count(DISTINCT id), sum(id) FROM d.${table}`)).toEqual([
        ["10001", "10001", "20002000"],
      ]);
    }
  });

  test("goes on in each of its parts", async () => {
    await prepare("CREATE TABLE orders AS SELECT n::bigint AS id FROM generate_series(1, 6000) AS n");
    await prepare("ALTER TABLE orders ADD PRIMARY KEY (id)");
    await using there = await place();
    let fails = true;
    const seen = new Set<number>();
    const orders = sqlTable({
      credentials: server.url,
      schema: "shop",
      table: "orders",
      split: { chunks: 3 },
      chunkSize: 100,
    }).filter((row) => {
      const id = Number(row["id"]);
      seen.add(id);
      // In the second page at the earliest of whichever part it is, when those of the rows below have been read.
      if (fails && seen.has(1) && seen.has(2001) && id % 2000 > 200) throw new Error("broken");
      return true;
    });
    await expect(there.run(orders)).rejects.toThrow("broken");
    fails = false;
    // What was read before is kept, and is not read again.
    await prepare("DELETE FROM orders WHERE id IN (1, 2001)");
    await there.run(orders);
    expect(await there.rows("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM d.orders")).toEqual([
      ["6000", "6000", "1", "6000"],
    ]);
  });

  test("is seen at one moment", async () => {
    await prepare("CREATE TABLE orders AS SELECT n::bigint AS id, 0 AS version FROM generate_series(1, 4000) AS n");
    await prepare("ALTER TABLE orders ADD PRIMARY KEY (id)");
    await using there = await place();
    let changed: Promise<void> | undefined;
    const orders = sqlTable({
      credentials: server.url,
      schema: "shop",
      table: "orders",
      split: { chunks: 2 },
      chunkSize: 100,
    }).map(async (row) => {
      await (changed ??= prepare("UPDATE orders SET version = 1"));
      return row;
    });
    await there.run(orders);
    expect(await there.rows("SELECT DISTINCT version FROM d.orders")).toEqual([["0"]]);
  });

  test("must have a key, and no order of its own", async () => {
    await prepare("CREATE TABLE orders (data jsonb)");
    await using there = await place();
    await expect(there.run(shop({ table: "orders", split: { chunks: 2 } }))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    await expect(there.run(shop({ table: "orders", split: { chunks: 2, column: "data" } }))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
    await prepare("ALTER TABLE orders ADD COLUMN id bigint PRIMARY KEY");
    const ordered = incremental("id", { rowOrder: "asc" });
    await expect(
      there.run(shop({ table: "orders", split: { chunks: 2 }, incremental: ordered })),
    ).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("a position", { timeout: 60_000 }, () => {
  test.each([
    ["texts, in the order of the database", 'word text COLLATE "en-x-icu"', "md5(n::text)"],
    ["ids", "uid uuid", "md5(n::text)::uuid"],
    ["moments", "moment timestamptz", "'2024-01-01'::timestamptz + n * interval '1.000001 second'"],
    ["decimals", "total numeric(12,3)", "n / 7.0"],
    ["bytes", "blob bytea", "decode(md5(n::text), 'hex')"],
    ["two columns", "word text, place int", "(n % 10)::text, n"],
  ])("can be made of %s", async (_, columns, values) => {
    const key = columns.split(", ").map((column) => column.split(" ")[0]);
    await prepare(
      `CREATE TABLE orders (${columns}, n int, PRIMARY KEY (${key.join(", ")}))`,
      `INSERT INTO orders SELECT ${values}, n FROM generate_series(1, 2000) AS n`,
    );
    await using there = await place();
    let rows = 0;
    const orders = sqlTable({ credentials: server.url, schema: "shop", table: "orders", chunkSize: 100 }).filter(() => {
      if (rows++ === 1234) throw new Error("broken");
      return true;
    });
    await expect(there.run(orders)).rejects.toThrow("broken");
    const result = await there.run(orders);
    expect(result.resources).toMatchObject({ orders: { pages: 20, rows: 2000 } });
    expect(rows).toBe(2035);
    expect(await there.rows("SELECT count(*), count(DISTINCT n) FROM d.orders")).toEqual([["2000", "2000"]]);
  });
});
