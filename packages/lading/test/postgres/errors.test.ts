import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { ask, load } from "./load.ts";
import { dropSchemas, postgresServer, type PostgresServer } from "./server.ts";

// A server of its own, whose users and passwords it knows.
let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
  await ask(server.url, "CREATE ROLE guest LOGIN PASSWORD 'guest-password'");
}, 60_000);
afterAll(() => server.stop());
beforeEach(() => dropSchemas(server.url));

const at = (user: string, query = ""): string =>
  `postgresql://${user}@127.0.0.1:${server.port}/postgres?sslmode=disable&${query}`;
const guest = "guest:guest-password";

/** Does something while somebody else has a transaction open. */
async function meanwhile<T>(statements: string, action: () => Promise<T>): Promise<T> {
  const client = new Client(server.url);
  await client.connect();
  try {
    await client.query(`BEGIN; ${statements}`);
    return await action();
  } finally {
    await client.end();
  }
}

describe("what keeps a load out of a server", () => {
  test.each([
    ["another password", () => at("lading:wrong-password"), "DESTINATION_UNAUTHORIZED"],
    ["no password", () => at("lading"), "DESTINATION_UNAUTHORIZED"],
    ["another user", () => at("nobody:wrong-password"), "DESTINATION_UNAUTHORIZED"],
    ["a database that is not there", () => server.url.replace(/postgres$/, "none"), "DESTINATION_PATH"],
    ["a port where nobody listens", () => "postgresql://u:wrong-password@127.0.0.1:1/d", "DESTINATION_UNREACHABLE"],
    ["a host that is not there", () => "postgresql://u:wrong-password@db.invalid/d", "DESTINATION_UNREACHABLE"],
    [
      "a session that only reads",
      () => at("lading:lading-test", "options=-cdefault_transaction_read_only%3Don"),
      "DESTINATION_READ_ONLY",
    ],
    ["a user who may make no schema", () => at(guest), "DESTINATION_READ_ONLY"],
  ])("%s", async (_, url, code) => {
    await expect(load({ destination: postgres(url()) })).rejects.toSatisfy((error) => {
      expect(error).toMatchObject({ code, hint: expect.any(String) as string });
      expect(JSON.stringify(error) + String(error)).not.toMatch(/wrong-password|guest-password/);
      return true;
    });
  });

  test("a server that does not answer, in the time that there is", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    try {
      await expect(
        load({ destination: postgres(`postgresql://u:p@127.0.0.1:${port}/d?connect_timeout=1&sslmode=disable`) }),
      ).rejects.toMatchObject({ code: "DESTINATION_UNREACHABLE" });
    } finally {
      silent.close();
    }
  });
});

describe("several servers", () => {
  test("where the first is not there, the next one", async () => {
    const url = `postgresql://lading:lading-test@127.0.0.1:1,127.0.0.1:${server.port}/postgres`;
    await load({ destination: postgres(url) });
    expect(await ask(server.url, `SELECT id FROM "shop_data".items`)).toEqual([{ id: "1" }]);
  });

  test("where none takes rows, that is what is wrong", async () => {
    const url = `postgresql://lading:lading-test@127.0.0.1:${server.port},127.0.0.1:${server.port}/postgres?options=-cdefault_transaction_read_only%3Don`;
    await expect(load({ destination: postgres(url) })).rejects.toMatchObject({ code: "DESTINATION_READ_ONLY" });
  });
});

describe("rights", () => {
  test("a user who owns the schema, and may make none, loads", async () => {
    await ask(server.url, "CREATE SCHEMA shop_data AUTHORIZATION guest");
    await load({ destination: postgres(at(guest)) });
    await load({ destination: postgres(at(guest)), hints: { writeDisposition: "replace" } });
    await load({ destination: postgres(at(guest)), hints: { writeDisposition: "merge", primaryKey: "id" } });
    expect(await ask(server.url, "SELECT id FROM shop_data.items")).toEqual([{ id: "1" }]);
  });

  test("a table of somebody else's is refused, and nothing is left of the load", async () => {
    await load({ destination: postgres(server.url) });
    await ask(
      server.url,
      "GRANT ALL ON SCHEMA shop_data TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA shop_data TO guest",
    );
    await expect(load({ destination: postgres(at(guest)) })).rejects.toMatchObject({ code: "DESTINATION_READ_ONLY" });
    expect(await ask(server.url, "SELECT count(*)::int AS n FROM shop_data._dlt_loads")).toEqual([{ n: 1 }]);
  });
});

describe("limits of time", () => {
  beforeEach(() => load({ destination: postgres(server.url) }));

  test("a lock that somebody holds is waited for as long as lockTimeout says", async () => {
    await meanwhile("LOCK TABLE shop_data.items", () =>
      expect(load({ destination: postgres({ credentials: server.url, lockTimeout: 0.1 }) })).rejects.toMatchObject({
        code: "DESTINATION_LOCKED",
      }),
    );
  });

  test("a statement is stopped after statementTimeout", async () => {
    await meanwhile("LOCK TABLE shop_data.items", () =>
      expect(load({ destination: postgres({ credentials: server.url, statementTimeout: 0.1 }) })).rejects.toMatchObject(
        {
          code: "DESTINATION_FAILED",
          hint: expect.stringContaining("statementTimeout") as string,
        },
      ),
    );
  });

  test("after that the package is loaded by the next run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lading-pg-"));
    const destination = postgres({ credentials: server.url, lockTimeout: 0.1 });
    try {
      await meanwhile("LOCK TABLE shop_data.items", () =>
        expect(load({ destination, folder, rows: [{ id: 2 }] })).rejects.toMatchObject({ code: "DESTINATION_LOCKED" }),
      );
      await load({ destination, folder, rows: [{ id: 3 }] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(await ask(server.url, "SELECT id FROM shop_data.items ORDER BY id")).toEqual([{ id: "1" }, { id: "2" }]);
  });
});
