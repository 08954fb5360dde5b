import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import {
  createConfig,
  incremental,
  page,
  pipeline,
  resource,
  source,
  type Destination,
  type Pipeline,
} from "../../src/index.ts";
import { postgresDatabase, type PostgresDatabase } from "../postgres/server.ts";

let folder = "";
let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
}, 60_000);
afterAll(() => server.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lading-elsewhere-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Appends numbers up to the last one, ten in a page, from where the last load ended; fails behind `breaksAt`. */
function upTo(last: number, destination: Destination, breaksAt = Infinity): Pipeline {
  const numbers = resource({ name: "t", incremental: incremental("id") }, async function* ({ position, cursor }) {
    const from = Number(position ?? cursor.last ?? 0);
    for (let id = from + 1; id <= last; id += 10) {
      if (id > breaksAt) throw new Error("broken");
      yield page({ rows: Array.from({ length: 10 }, (_, i) => ({ id: id + i })), position: id + 9 });
    }
  });
  return pipeline({ name: "p", source: source("s", [numbers]), destination, dataset: "d", workingFolder: folder });
}

const settings = { config: createConfig({ providers: [] }), minFreeDisk: 0 };
const count = async (of: Pipeline): Promise<unknown> => {
  await using data = of.dataset({ integers: "bigint" });
  return await data.sql`select count(*) as n, count(distinct id) as ids, min(id) as least, max(id) as most from t`.rows();
};

describe("what a run had read when it broke off, and the next one loads elsewhere", () => {
  const others = {
    "another file": () => duckdb(join(folder, "other.duckdb")),
    PostgreSQL: () => postgres(server.url),
  };
  test.each(Object.entries(others))("%s: nothing is missing there, and nothing is there twice", async (_, other) => {
    const first = duckdb(join(folder, "first.duckdb"));
    await upTo(100, first).run(settings);
    await expect(upTo(200, first, 150).run(settings)).rejects.toThrow("broken");
    for (let run = 0; run < 2; run++) await upTo(200, other()).run(settings);
    expect(await count(upTo(200, other()))).toEqual([{ n: 200n, ids: 200n, least: 1n, most: 200n }]);
    await upTo(200, first).run(settings);
    expect(await count(upTo(200, first))).toEqual([{ n: 200n, ids: 200n, least: 1n, most: 200n }]);
  });

  test("the same: it goes on where it was left", async () => {
    const first = duckdb(join(folder, "first.duckdb"));
    await upTo(100, first).run(settings);
    await expect(upTo(200, first, 150).run(settings)).rejects.toThrow("broken");
    const { resources } = await upTo(200, first).run(settings);
    expect(resources["t"]?.rows).toBe(100);
    expect(await count(upTo(200, first))).toEqual([{ n: 200n, ids: 200n, least: 1n, most: 200n }]);
  });
});
