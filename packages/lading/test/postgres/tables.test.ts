import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createConfig } from "../../src/index.ts";
import { documentProvider } from "../../src/config/document-provider.ts";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { ask, load } from "./load.ts";
import { dropSchemas, postgresDatabase, type PostgresDatabase } from "./server.ts";

let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase({ major: 15 });
}, 60_000);
afterAll(() => server.stop());
beforeEach(() => dropSchemas(server.url));

describe("unique columns have an index, as in dlt", { timeout: 60_000 }, () => {
  const indexed = (): Promise<readonly unknown[]> =>
    ask(
      server.url,
      "SELECT conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS what FROM pg_constraint WHERE contype = 'u' AND connamespace = 'shop_data'::regnamespace ORDER BY 1, 2",
    );
  const rows = [{ id: 1, tags: [1] }];
  const hints = { columns: { id: { unique: true } } } as const;

  test("all row ids, and what is declared so", async () => {
    await load({ destination: postgres(server.url), rows, hints });
    expect(await indexed()).toEqual([
      { table: "shop_data._dlt_pipeline_state", what: "UNIQUE (_dlt_id)" },
      { table: "shop_data.items", what: "UNIQUE (_dlt_id)" },
      { table: "shop_data.items", what: "UNIQUE (id)" },
      { table: "shop_data.items__tags", what: "UNIQUE (_dlt_id)" },
    ]);
  });

  test("none, where that is asked for in code or in a setting", async () => {
    await load({ destination: postgres({ credentials: server.url, createIndexes: false }), rows, hints });
    expect(await indexed()).toEqual([]);
    await dropSchemas(server.url);
    const document = { destination: { postgres: { create_indexes: "false", credentials: server.url } } };
    const providers = [documentProvider({ name: "secrets.toml", document, holdsSecrets: true })];
    await load({ destination: postgres(), rows, hints, config: createConfig({ providers }) });
    expect(await indexed()).toEqual([]);
  });
});

describe("who reads while rows are replaced", { timeout: 60_000 }, () => {
  test("insert-from-staging lets them read what was there", async () => {
    const hints = { writeDisposition: { disposition: "replace", strategy: "insert-from-staging" } } as const;
    const destination = postgres(server.url);
    await load({ destination, hints, rows: [{ id: 1 }] });
    const reader = new Client(server.url);
    await reader.connect();
    try {
      await reader.query(
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL lock_timeout = '5s'; SELECT * FROM shop_data.items",
      );
      await load({ destination, hints, rows: [{ id: 2 }] });
      expect((await reader.query("SELECT id FROM shop_data.items")).rows).toEqual([{ id: "1" }]);
      await reader.query("COMMIT");
      expect((await reader.query("SELECT id FROM shop_data.items")).rows).toEqual([{ id: "2" }]);
    } finally {
      await reader.end();
    }
  });
});

test("the character NUL, which PostgreSQL has not, is left out of texts, as in dlt", { timeout: 60_000 }, async () => {
  const rows = [{ id: 1, text: "a\u0000b", tags: ["\u0000", "c\u0000"] }];
  await load({ destination: postgres(server.url), rows });
  expect(await ask(server.url, "SELECT text FROM shop_data.items")).toEqual([{ text: "ab" }]);
  expect(await ask(server.url, "SELECT value FROM shop_data.items__tags ORDER BY 1")).toEqual([
    { value: "" },
    { value: "c" },
  ]);
});

test("wei keeps 78 digits before the point and 78 after it, as in dlt", { timeout: 60_000 }, async () => {
  const big = "9".repeat(78);
  const small = `0.${"0".repeat(77)}1`;
  const rows = [
    { id: 1, wei: big },
    { id: 2, wei: small },
    { id: 3, wei: `1${big}` },
  ];
  await load({ destination: postgres(server.url), rows, hints: { columns: { wei: { dataType: "wei" } } } });
  expect(await ask(server.url, "SELECT wei::text, wei__v_text FROM shop_data.items ORDER BY id")).toEqual([
    { wei: `${big}.${"0".repeat(78)}`, wei__v_text: null },
    { wei: small, wei__v_text: null },
    { wei: null, wei__v_text: `1${big}` },
  ]);
});
