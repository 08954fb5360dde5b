import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { copyFeed, type CopyFeed } from "../../src/destinations/postgres/copy-feed.ts";
import { connectTo, type Connection } from "../../src/engines/postgres/driver.ts";
import { postgresServer, withClient, type PostgresServer } from "./server.ts";

const intoItems = "COPY items (id, text, stamp) FROM STDIN WITH (FORMAT csv, DELIMITER E'\\t', NULL '')";
const intoOthers = "COPY others (id, text, stamp) FROM STDIN WITH (FORMAT csv, DELIMITER E'\\t', NULL '')";

let server: PostgresServer;
let folder: string;
let number = 0;
beforeAll(async () => {
  server = await postgresServer();
  folder = await mkdtemp(join(tmpdir(), "lading-feed-"));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() =>
  withClient(server.url, async (client) => {
    await client.query("DROP TABLE IF EXISTS items, others");
    await client.query("CREATE TABLE items (id bigint, text text, stamp text)");
    await client.query("CREATE TABLE others (id bigint, text text, stamp text)");
  }),
);

async function fileOf(ids: readonly (number | string)[], text = "x"): Promise<string> {
  const path = join(folder, `${++number}.tsv`);
  await writeFile(path, ids.map((id) => `${id}\t${text}\n`).join(""));
  return path;
}

/** A feed of a connection, and the statements that it was given. */
async function feeding(
  action: (feed: CopyFeed, connection: Connection, statements: readonly string[]) => Promise<void>,
): Promise<void> {
  const connection = await connectTo({ connectionString: server.url }, server.url);
  const statements: string[] = [];
  const copyFrom: Connection["copyFrom"] = (sql) => {
    statements.push(sql);
    return connection.copyFrom(sql);
  };
  try {
    await action(copyFeed({ copyFrom }), connection, statements);
  } finally {
    await connection.close();
  }
}

describe("row files that are copied", () => {
  test("go into one COPY where they follow one another, in their order", async () => {
    await feeding(async (feed, connection, statements) => {
      for (const ids of [[1, 2], [], [3]]) await feed.send(await fileOf(ids), intoItems, ["a"]);
      expect(statements).toHaveLength(1);
      await feed.end();
      expect(await connection.rows("SELECT id, stamp FROM items ORDER BY ctid")).toEqual(
        ["1", "2", "3"].map((id) => ({ id, stamp: "a" })),
      );
    });
  });

  test("go into another one where the table or the stamp changes", async () => {
    await feeding(async (feed, connection, statements) => {
      await feed.send(await fileOf([1]), intoItems, ["a"]);
      await feed.send(await fileOf([2]), intoOthers, ["a"]);
      await feed.send(await fileOf([3]), intoOthers, ["b"]);
      await feed.end();
      expect(statements).toEqual([intoItems, intoOthers, intoOthers]);
      expect(await connection.rows("SELECT id FROM items")).toEqual([{ id: "1" }]);
      expect(await connection.rows("SELECT id, stamp FROM others ORDER BY id")).toEqual([
        { id: "2", stamp: "a" },
        { id: "3", stamp: "b" },
      ]);
    });
  });

  test("go into another one after eight megabytes", async () => {
    await feeding(async (feed, connection, statements) => {
      const path = await fileOf([1, 2, 3, 4, 5], "x".repeat(1024 * 1024));
      for (let i = 0; i < 3; i++) await feed.send(path, intoItems, ["a"]);
      await feed.end();
      expect(statements).toHaveLength(2);
      expect(await connection.rows("SELECT count(*) AS n FROM items")).toEqual([{ n: "15" }]);
    });
  });

  test("are refused by the next file at the latest, or at the end, with the server's error", async () => {
    await feeding(async (feed, connection) => {
      for (const failing of [
        async () => {
          await feed.send(await fileOf(["no number"]), intoItems, ["a"]);
          await feed.end();
        },
        async () => {
          await feed.send(await fileOf(["no number"]), intoItems, ["a"]);
          await feed.send(await fileOf([1]), intoOthers, ["a"]);
        },
        async () => feed.send(await fileOf(["no number"], "x".repeat(9 * 1024 * 1024)), intoItems, ["a"]),
      ]) {
        await expect(failing()).rejects.toMatchObject({ code: "22P02" });
        // The connection is as it was.
        expect(await connection.rows("SELECT count(*) AS n FROM items")).toEqual([{ n: "0" }]);
      }
    });
  });

  test("leave the connection free for a rollback when they are given up, and where one is missing", async () => {
    await feeding(async (feed, connection) => {
      await connection.run("BEGIN");
      await feed.send(await fileOf([1]), intoItems, ["a"]);
      await feed.giveUp();
      await connection.run("ROLLBACK");
      await feed.send(await fileOf([2]), intoItems, ["a"]);
      await expect(feed.send(join(folder, "missing.tsv"), intoItems, ["a"])).rejects.toMatchObject({ code: "ENOENT" });
      await feed.end();
      expect(await connection.rows("SELECT id FROM items")).toEqual([]);
    });
  });

  test("are an error of the connection where the server is gone, between two files and at the end", async () => {
    for (const last of [async (feed: CopyFeed) => feed.send(await fileOf([2]), intoItems, ["a"]), undefined]) {
      const connection = await connectTo({ connectionString: server.url }, server.url);
      const feed = copyFeed(connection);
      await feed.send(await fileOf([1]), intoItems, ["a"]);
      await server.kill();
      await expect(
        (async () => {
          await last?.(feed);
          await feed.end();
        })(),
      ).rejects.toThrow(/terminat|ECONNRESET|EPIPE|not queryable/);
      await feed.giveUp();
      await connection.close().catch(() => {});
      await server.start();
    }
  });
});
