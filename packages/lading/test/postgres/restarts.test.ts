import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { ask, load } from "./load.ts";
import { dropSchemas, postgresServer, type PostgresServer } from "./server.ts";

// A server of its own, which is killed.
let server: PostgresServer;
let folder = "";
beforeAll(async () => {
  server = await postgresServer();
}, 60_000);
afterAll(() => server.stop());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lading-pg-"));
  await dropSchemas(server.url);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ids = (): Promise<readonly unknown[]> => ask(server.url, "SELECT id FROM shop_data.items ORDER BY id");

describe("a server that is restarted", { timeout: 60_000 }, () => {
  test("while rows are read: nobody notices", async () => {
    await load({
      destination: postgres(server.url),
      async *rows() {
        yield [{ id: 1 }];
        await server.kill();
        await server.start();
        yield [{ id: 2 }];
      },
    });
    expect(await ids()).toEqual([{ id: "1" }, { id: "2" }]);
  });

  test("and is not up again when the package is to be loaded: the next run loads it", async () => {
    const destination = postgres(server.url);
    await expect(
      load({
        destination,
        folder,
        async *rows() {
          yield [{ id: 1 }];
          await server.kill();
        },
      }),
    ).rejects.toMatchObject({ code: "DESTINATION_UNREACHABLE" });
    await server.start();
    await load({ destination, folder, rows: [{ id: 2 }] });
    expect(await ids()).toEqual([{ id: "1" }]);
  });

  test("in the middle of a COPY: nothing is left of it, and the next run loads the package", async () => {
    await load({ destination: postgres(server.url), rows: [{ id: 0 }] });
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ id: i + 1, text: "x".repeat(500) }));
    // It comes to the middle, and no further.
    await ask(
      server.url,
      "CREATE FUNCTION shop_data.stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(600); RETURN NEW; END'",
    );
    await ask(
      server.url,
      "CREATE TRIGGER stops BEFORE INSERT ON shop_data.items FOR EACH ROW WHEN (NEW.id = 10000) EXECUTE FUNCTION shop_data.stop()",
    );
    const running = load({ destination: postgres(server.url), folder, rows });
    // Seen from another connection, as progress views are.
    const outcome = running.then(
      () => "done",
      (error: unknown) => error,
    );
    for (;;) {
      const copies = await ask(server.url, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
      if (copies.length > 0) break;
      await new Promise(setImmediate);
    }
    await server.kill();
    expect(await outcome).toMatchObject({ code: "DESTINATION_UNREACHABLE" });
    await server.start();
    expect(await ids()).toEqual([{ id: "0" }]);
    await ask(server.url, "DROP FUNCTION shop_data.stop() CASCADE");
    await load({ destination: postgres(server.url), folder });
    expect(await ask(server.url, "SELECT count(*)::int AS n, sum(id)::int AS s FROM shop_data.items")).toEqual([
      { n: 20_001, s: (20_000 * 20_001) / 2 },
    ]);
  });
});
