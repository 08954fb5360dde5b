import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { ask, load, noConfig } from "./load.ts";
import { type Pooler, transactionPooler } from "./pooler.ts";
import { dropSchemas, postgresServer, type PostgresServer } from "./server.ts";

// A server of its own, which lets its user in without a password.
let server: PostgresServer;
let pooler: Pooler;
beforeAll(async () => {
  server = await postgresServer();
  await server.configure({ "pg_hba.conf": "host all lading 127.0.0.1/32 trust\n" });
  pooler = await transactionPooler({ port: server.port, user: "lading" });
}, 60_000);
afterAll(async () => {
  await pooler.close();
  await server.stop();
});
beforeEach(() => dropSchemas(server.url));

describe("behind a pooler that gives each transaction another connection", { timeout: 60_000 }, () => {
  test.each([
    ["append", "append"],
    ["replace", "replace"],
    ["delete-insert", { disposition: "merge", strategy: "delete-insert" }],
    ["upsert", { disposition: "merge", strategy: "upsert" }],
    ["scd2", { disposition: "merge", strategy: "scd2" }],
  ] as const)("rows are loaded as without one: %s", async (_, writeDisposition) => {
    const hints = { writeDisposition, primaryKey: "id" } as const;
    const rows = [1, 2].map((n) => [
      { id: n, at: "2024-01-02T03:04:05+06:00", half: 0.1 + 0.2, tags: [{ n }] },
      { id: 3, at: "2024-01-02T03:04:05Z", half: n, tags: [{ n }] },
    ]);
    const tables = ["items", "items__tags"];
    const content = async (url: string, dataset: string): Promise<unknown> => {
      for (const batch of rows) await load({ destination: postgres(url), rows: batch, hints, dataset });
      return Promise.all(
        tables.map((table) => {
          const drawn =
            "- '_dlt_id' - '_dlt_load_id' - '_dlt_parent_id' - '_dlt_root_id' - '_dlt_valid_from' - '_dlt_valid_to'";
          return ask(server.url, `SELECT to_jsonb(t) ${drawn} AS row FROM ${dataset}.${table} AS t ORDER BY 1::text`);
        }),
      );
    };
    const before = pooler.transactions();
    expect(await content(pooler.url, "pooled")).toEqual(await content(`${server.url}?sslmode=disable`, "direct"));
    expect(pooler.transactions()).toBeGreaterThan(before);
  });

  test("what is read is as without one, whatever others have set in their sessions", async () => {
    await load({ destination: postgres(pooler.url), rows: [{ id: 1, at: "2024-01-02T03:04:05+06:00" }] });
    await ask(
      server.url,
      "ALTER ROLE lading SET TimeZone = 'Asia/Kolkata'; ALTER ROLE lading SET DateStyle = 'SQL, DMY'",
    );
    try {
      const where = { pipeline: "p", dataset: "shop_data", config: noConfig, folder: "/", workingFolder: "/" };
      const { signal } = new AbortController();
      const client = await postgres(pooler.url).connect({ ...where, signal });
      const rows: unknown[] = [];
      for await (const batch of client.reader().query("SELECT at FROM items", [])) rows.push(...batch);
      await client.close();
      expect(rows).toEqual([{ at: new Date("2024-01-01T21:04:05Z") }]);
    } finally {
      await ask(server.url, "ALTER ROLE lading RESET ALL");
    }
  });

  test("options that the pooler refuses are what is wrong, and said so", async () => {
    await expect(load({ destination: postgres(`${pooler.url}&options=-cgeqo%3Doff`) })).rejects.toMatchObject({
      code: "DESTINATION_UNREACHABLE",
      hint: expect.stringContaining("Poolers refuse `options`") as string,
    });
  });
});
