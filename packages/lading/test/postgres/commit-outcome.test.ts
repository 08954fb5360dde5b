import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { settleCommit } from "../../src/destinations/postgres/commit-outcome.ts";
import { readCredentials } from "../../src/config/credentials.ts";
import { resolveConnection } from "../../src/engines/postgres/connection.ts";
import type { Connection } from "../../src/engines/postgres/driver.ts";
import { openConnection } from "../../src/engines/postgres/open-connection.ts";
import { noConfig } from "./load.ts";
import { postgresServer, type PostgresServer } from "./server.ts";

// A server of its own, which is killed.
let server: PostgresServer;
beforeAll(async () => {
  server = await postgresServer();
}, 60_000);
afterAll(() => server.stop());

const place = { config: noConfig, sections: [] };
const open = (): Promise<Connection> =>
  openConnection(resolveConnection(readCredentials(noConfig, { sections: [], given: server.url }), place));
const lost = (): Error => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const question = "SELECT 1 FROM loads WHERE id = 'a'";

let connection: Connection;
let transaction: string;
beforeEach(async () => {
  connection = await open();
  await connection.run("DROP TABLE IF EXISTS loads; CREATE TABLE loads (id text)");
  await connection.run("BEGIN; INSERT INTO loads VALUES ('a')");
  transaction = String((await connection.rows("SELECT pg_current_xact_id()::text AS id"))[0]!["id"]);
  return () => connection.close();
});

const settle = (commit: () => Promise<void>, reconnect = open): Promise<void> =>
  settleCommit(commit, { transaction, question }, reconnect, async () => {});

describe("a commit whose answer is lost", { timeout: 30_000 }, () => {
  test("was done where the load is there", async () => {
    const done = settle(async () => {
      await connection.run("COMMIT");
      throw lost();
    });
    await expect(done).resolves.toBeUndefined();
  });

  test("was not done where it is not", async () => {
    const rolledBack = settle(async () => {
      await connection.run("ROLLBACK");
      throw lost();
    });
    await expect(rolledBack).rejects.toThrow("ECONNRESET");
  });

  test("is waited for while it is in progress", async () => {
    let questions = 0;
    await settle(
      async () => {
        throw lost();
      },
      async () => {
        const other = await open();
        const rows: Connection["rows"] = async (sql) => {
          // The server needs its time: it is done after it was asked for a second time.
          if (sql.includes("pg_xact_status") && ++questions === 2) await connection.run("COMMIT");
          return other.rows(sql);
        };
        return { ...other, rows };
      },
    );
    expect(questions).toBeGreaterThanOrEqual(2);
  });

  test("is asked for once the server is up again, and a transaction that a crash undid was not done", async () => {
    let attempts = 0;
    const crashed = settle(
      async () => {
        await server.kill();
        throw lost();
      },
      async () => {
        if (++attempts === 2) await server.start();
        return open();
      },
    );
    await expect(crashed).rejects.toThrow("ECONNRESET");
    expect(attempts).toBe(2);
  });

  test("is not guessed where the id belongs to another transaction by now", async () => {
    await connection.run("ROLLBACK");
    const other = String((await connection.rows("SELECT pg_current_xact_id()::text AS id"))[0]!["id"]);
    const reused = settleCommit(
      () => Promise.reject(lost()),
      { transaction: other, question },
      open,
      async () => {},
    );
    await expect(reused).rejects.toThrow("ECONNRESET");
  });

  test("that the server refuses was not done, and nobody is asked", async () => {
    await connection.run("ROLLBACK");
    const refused = settle(() => Promise.reject(Object.assign(new Error("no"), { code: "40001" })));
    await expect(refused).rejects.toThrow("no");
  });
});
