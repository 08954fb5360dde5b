import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Destination } from "../../src/destination/destination.ts";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { pipeline, resource } from "../../src/index.ts";
import { ask, load, noConfig } from "./load.ts";
import { dropSchemas, postgresDatabase, type PostgresDatabase } from "./server.ts";

let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
}, 60_000);
afterAll(() => server.stop());
beforeEach(() => dropSchemas(server.url));

const loads = (): Promise<readonly unknown[]> =>
  ask(server.url, "SELECT count(*)::int AS loads, count(DISTINCT load_id)::int AS different FROM shop_data._dlt_loads");

/** Does something each time a load is about to be committed. */
function beforeCommit(destination: Destination, action: () => Promise<unknown>): Destination {
  return {
    ...destination,
    async connect(options) {
      const { beginEarly: _, ...client } = await destination.connect(options);
      return {
        ...client,
        async begin(request) {
          const transaction = await client.begin(request);
          return {
            ...transaction,
            async commit() {
              await action();
              return transaction.commit();
            },
          };
        },
      };
    },
  };
}

describe("one pipeline on several machines", { timeout: 60_000 }, () => {
  test("loads that change nothing but rows are done one after the other, each once", async () => {
    const destination = postgres(server.url);
    await load({ destination });
    await Promise.all([2, 3, 4].map((id) => load({ destination, rows: [{ id }] })));
    expect(await ask(server.url, "SELECT id FROM shop_data.items ORDER BY id")).toEqual(
      ["1", "2", "3", "4"].map((id) => ({ id })),
    );
    expect(await loads()).toEqual([{ loads: 4, different: 4 }]);
  });

  test("of loads that know nothing of each other's columns all but the first are refused", async () => {
    const destination = postgres(server.url);
    await load({ destination });
    const results = await Promise.allSettled(
      ["a", "b", "c"].map((column) => load({ destination, rows: [{ id: 2, [column]: 1 }] })),
    );
    const refused = results.filter((result) => result.status === "rejected");
    // Who restores only after the other's commit knows of it.
    for (const { reason } of refused) expect(reason).toMatchObject({ code: "CONFLICT" });
    expect(await loads()).toEqual([{ loads: 4 - refused.length, different: 4 - refused.length }]);
  });

  test("a history is not told backwards: a load that is older than the newest one is refused", async () => {
    const hints = { writeDisposition: { disposition: "merge", strategy: "scd2" } } as const;
    await load({ destination: postgres(server.url), hints });
    const folder = mkdtempSync(join(tmpdir(), "lading-pg-"));
    try {
      let unreachable = true;
      const destination = beforeCommit(postgres(server.url), async () => {
        if (unreachable) throw Object.assign(new Error("gone"), { code: "ECONNRESET" });
      });
      await expect(load({ destination, hints, folder, rows: [{ id: 2 }] })).rejects.toThrow("gone");
      unreachable = false;
      await load({ destination: postgres(server.url), hints, rows: [{ id: 3 }] });
      await expect(load({ destination, hints, folder, rows: [{ id: 2 }] })).rejects.toMatchObject({ code: "CONFLICT" });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(await ask(server.url, "SELECT id FROM shop_data.items WHERE _dlt_valid_to IS NULL")).toEqual([{ id: "3" }]);
  });
});

test("several pipelines make a dataset at the same time", { timeout: 60_000 }, async () => {
  const work = mkdtempSync(join(tmpdir(), "lading-pg-"));
  try {
    await Promise.all(
      ["a", "b", "c", "d"].map((name) =>
        pipeline({
          name,
          source: resource({ name: `items_${name}` }, async function* () {
            yield [{ id: name, tags: [1, 2] }];
          }),
          destination: postgres(server.url),
          dataset: "shop data",
          workingFolder: work,
        }).run({ config: noConfig }),
      ),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  expect(await loads()).toEqual([{ loads: 4, different: 4 }]);
});
