import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { incremental, type PipelineSource } from "../../src/index.ts";
import { sql, sqlDatabase, sqlTable } from "../../src/sources/sql-database/index.ts";
import { dropSchemas, postgresServer, withClient, type PostgresServer } from "../postgres/server.ts";
import { place } from "../sources/place.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
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

describe("types", () => {
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
          "{"a":9007199254740993,"b":[1.0]}",
          "{"b":null}",
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
