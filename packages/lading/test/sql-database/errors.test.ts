import { createServer } from "node:net";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sql, sqlTable } from "../../src/sources/sql-database/index.ts";
import { dropSchemas, postgresServer, withClient, type PostgresServer } from "../postgres/server.ts";
import { place } from "../sources/place.ts";

const { isMissing } = vi.hoisted(() => ({ isMissing: { now: false } }));
vi.mock("node:module", async (original) => {
  const real = await original<typeof import("node:module")>();
  return {
    createRequire: (url: string) => {
      const load = real.createRequire(url);
      if (!isMissing.now) return load;
      return () => {
        throw new Error("Cannot find module 'pg'");
      };
    },
  };
});

// A server of its own, which is killed, and whose users it knows.
let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await dropSchemas(server.url);
  await withClient(server.url, async (client) => {
    await client.query("CREATE SCHEMA shop");
    await client.query("CREATE TABLE shop.orders (id bigint PRIMARY KEY, note text)");
    await client.query("INSERT INTO shop.orders SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS n");
  });
});

const orders = (credentials: string, more: Partial<Parameters<typeof sqlTable>[0]> = {}): ReturnType<typeof sqlTable> =>
  sqlTable({ credentials, schema: "shop", table: "orders", ...more });

describe("what goes wrong with a database to read from", { timeout: 60_000 }, () => {
  test("it cannot be reached: SOURCE_UNREACHABLE, without the password", async () => {
    await using there = await place();
    const port = await freePort();
    const run = there.run(orders(`postgresql://lading:s3cret@127.0.0.1:${port}/postgres`));
    await expect(run).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE", transient: true });
    await expect(run).rejects.not.toMatchObject({ message: expect.stringContaining("s3cret") as string });
  });

  test("it does not accept the password: SOURCE_UNAUTHORIZED", async () => {
    await using there = await place();
    const url = server.url.replace("lading-test", "wrong");
    await expect(there.run(orders(url))).rejects.toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
  });

  test("the user may not read the table: SOURCE_UNAUTHORIZED", async () => {
    await withClient(server.url, async (client) => {
      await client.query("DROP ROLE IF EXISTS reader");
      await client.query("CREATE ROLE reader LOGIN PASSWORD 'reader'");
      await client.query("GRANT USAGE ON SCHEMA shop TO reader");
    });
    await using there = await place();
    const url = server.url.replace("lading:lading-test", "reader:reader");
    await expect(there.run(orders(url))).rejects.toMatchObject({
      code: "SOURCE_UNAUTHORIZED",
      message: expect.stringContaining("permission denied for table orders") as string,
    });
  });

  test("it refuses what an adapter asks for: SOURCE_FAILED", async () => {
    await using there = await place();
    const wrong = orders(server.url, { queryAdapter: (query) => query.where(sql`no_such_column = ${1}`) });
    await expect(there.run(wrong)).rejects.toMatchObject({
      code: "SOURCE_FAILED",
      message: expect.stringContaining("no_such_column") as string,
    });
  });

  test("a value cannot be read any more in the middle of it: what was read before is kept", async () => {
    await withClient(server.url, (client) => client.query("UPDATE shop.orders SET note = '0' WHERE id = 15000"));
    await using there = await place();
    const source = orders(server.url, {
      queryAdapter: (query) => query.where(sql`1 / length(replace(note, '0', '')) >= 0`),
    });
    await expect(there.run(source)).rejects.toMatchObject({
      code: "SOURCE_FAILED",
      message: expect.stringContaining("division by zero") as string,
    });
    await withClient(server.url, (client) => client.query("UPDATE shop.orders SET note = 'y' WHERE id = 15000"));
    const result = await there.run(source);
    expect(result.resources).toMatchObject({ orders: { rows: 20_000 } });
    expect(await there.rows("SELECT count(DISTINCT id), count(*) FROM d.orders")).toEqual([["20000", "20000"]]);
  });

  test("the server is gone in the middle of it: SOURCE_UNREACHABLE, and the next run goes on", async () => {
    await using there = await place();
    let seen = 0;
    const source = orders(server.url, { chunkSize: 500 }).map(async (row) => {
      if (++seen === 5000) await server.kill();
      return row;
    });
    await expect(there.run(source)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
    await server.start();
    const before = seen;
    await there.run(source);
    expect(seen - before).toBeLessThan(20_000);
    expect(await there.rows("SELECT count(DISTINCT id), count(*) FROM d.orders")).toEqual([["20000", "20000"]]);
  });

  test("its driver is not there: SOURCE_MISSING_DRIVER, with what to install", async () => {
    isMissing.now = true;
    try {
      const first = orders(server.url)[Symbol.asyncIterator]().next();
      await expect(first).rejects.toMatchObject({
        code: "SOURCE_MISSING_DRIVER",
        hint: "npm install pg pg-copy-streams",
      });
    } finally {
      isMissing.now = false;
    }
  });

  test("a file that is not there is not made, and one that is no database is told", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lading-sql-"));
    try {
      await using there = await place();
      await expect(there.run(orders(`duckdb:///${folder}/none.duckdb`))).rejects.toMatchObject({
        code: "SOURCE_NOT_FOUND",
      });
      await writeFile(join(folder, "text.duckdb"), "this is no database, whatever its name says");
      await expect(there.run(orders(`duckdb:///${folder}/text.duckdb`))).rejects.toMatchObject({
        code: "SOURCE_FAILED",
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("nothing says where it is: CONFIG_MISSING names the places; another kind is CONFIG_INVALID", async () => {
    await using there = await place();
    await expect(there.run(sqlTable({ table: "orders" }))).rejects.toMatchObject({ code: "CONFIG_MISSING" });
    await expect(there.run(orders("mysql://root@localhost/shop"))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as { readonly port: number };
      listener.close(() => resolve(port));
    });
  });
}
