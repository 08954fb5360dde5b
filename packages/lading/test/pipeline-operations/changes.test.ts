import { readdir, rename, rm } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { page, resource, source } from "../../src/resource/index.ts";
import { main } from "../../src/cli/main.ts";
import { stopReason } from "../../src/cli/stop-signal.ts";
import { testingHost } from "../../src/cli/testing-host.ts";
import { shopPlace, type Outcome, type ShopPlace } from "./shop-place.ts";

let here: ShopPlace;
beforeEach(async () => {
  here = await shopPlace();
});
afterEach(() => here[Symbol.asyncDispose]());

describe("drop", () => {
  test("shows what would go, asks, and drops it where the answer is yes", async () => {
    await here.run();
    const { code, out, err } = await here.lading(["pipeline", "shop", "drop", "orders"], { typed: "y\n" });
    expect(err).toMatch(/^ {2}tables to drop +orders__lines, orders$/m);
    expect(err).toMatch(/^ {2}state to forget +orders$/m);
    expect(err).toMatch(/^ {2}destination +duckdb \(.+x\.duckdb\)$/m);
    expect(err).toContain("Drop? [y/N] ");
    expect([code, out]).toEqual([0, expect.stringMatching(/^Dropped 2 tables, with load [\d.]+\. The next run/)]);
    expect(await here.tables()).toEqual(["visits"]);
  });

  test.each(["n\n", "\n", "", "yesterday\n"])("drops nothing where the answer is %j", async (typed) => {
    await here.run();
    const { code, out, err } = await here.lading(["pipeline", "shop", "drop", "--drop-all"], { typed });
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain("Nothing was changed.");
    expect(await here.tables()).toHaveLength(3);
  });

  test("drops nothing where it is stopped while it asks", async () => {
    await here.run();
    const stop = new AbortController();
    const host = testingHost({ cwd: here.cwd, now: Date.now, signal: stop.signal });
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    host.stderr.on("data", (text: string) => {
      if (text.includes("[y/N]")) stop.abort(stopReason("SIGINT"));
    });
    expect(await main(["pipeline", "shop", "drop", "orders"], { ...host, stdin })).toBe(130);
    expect(host.err()).toMatch(/Drop\? \[y\/N\] [^]*Nothing was changed\.\n$/);
    expect(await here.tables()).toHaveLength(3);
  });

  test("without a terminal stops before anything is asked of the database, and names --yes", async () => {
    await here.run();
    await rename(join(here.cwd, "x.duckdb"), join(here.cwd, "away.duckdb"));
    for (const argv of [["drop", "orders"], ["drop", "orders", "--json"], ["abort-packages"]] as const) {
      const { code, out, err } = await here.lading(["pipeline", "shop", ...argv], { stdin: "y\n" });
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(/✗ USAGE [^]*--yes/);
    }
  });

  test("with --yes does it at once, and --json is one object", async () => {
    await here.run();
    const done = await here.json("drop", "re:^ord", "--yes");
    expect(done).toMatchObject({
      pipeline: "shop",
      dropped: true,
      plan: { destination: "duckdb", dataset: "shop_data", schema: "shop", resources: ["orders"], isEmpty: false },
      load: { dropped: ["orders__lines", "orders"] },
    });
    expect(await here.tables()).toEqual(["visits"]);
    expect(await here.json("drop", "orders", "--yes")).toMatchObject({ dropped: false, plan: { isEmpty: true } });
  });

  test("with --dry-run only shows it", async () => {
    await here.run();
    expect(await here.json("drop", "--state-paths", "resources.orders.incremental", "--dry-run")).toMatchObject({
      dropped: false,
      plan: { statePaths: ["shop.resources.orders.incremental"], tables: [] },
    });
    expect((await here.of("drop", "order", "--dry-run")).out).toMatch(
      /^shop: there is nothing to drop\.[^]+Did you mean "orders"\?/,
    );
    expect((await here.of("drop", "orders", "--dry-run")).out).toContain("this would go, all of it or nothing:");
    expect(await here.tables()).toHaveLength(3);
  });

  test("with --state-only leaves the tables", async () => {
    await here.run();
    expect((await here.of("drop", "orders", "--state-only", "--yes")).code).toBe(0);
    expect(await here.tables()).toHaveLength(3);
    await here.run();
    expect(await here.sql("SELECT count(*)::INT FROM shop_data.orders")).toEqual([[2]]);
  });

  test("stops where work of an earlier run is unfinished, and where another run is at work", async () => {
    let inside: Outcome | undefined;
    await here.run();
    await here.run(
      source("shop", [
        resource("t", async function* () {
          inside = await here.of("drop", "orders", "--yes");
          yield page({ rows: [{ id: 1 }], position: 1 });
        }),
      ]),
    );
    expect(inside).toMatchObject({ code: 4, err: expect.stringContaining("PIPELINE_LOCKED") as string });
    await here.refused();
    expect(await here.of("drop", "orders", "--yes")).toMatchObject({
      code: 1,
      err: expect.stringContaining("UNFINISHED_WORK") as string,
    });
  });
});

describe("abort-packages", () => {
  test("shows what waits and why, asks, and sets it aside", async () => {
    const loadId = await here.refused();
    const { code, out, err } = await here.lading(["pipeline", "shop", "abort-packages"], { typed: "yes\n" });
    expect(err).toMatch(
      new RegExp(`^Package ${loadId}, sealed .+\n {2}failed 1 time, the last with TABLE_CHANGED: `, "m"),
    );
    expect(err).toMatch(/^ {2}late +2 rows +34 B$/m);
    expect(err).toContain("Give up? [y/N] ");
    expect([code, out]).toEqual([0, expect.stringContaining("shop: 1 package was given up.")]);
    expect(await readdir(join(here.work, "packages"))).toEqual([]);
    expect(await readdir(join(here.work, "set-aside"))).toEqual([loadId]);
  });

  test("needs neither the pipeline nor its database, also under dlt's older name", async () => {
    const loadId = await here.refused();
    await rm(join(here.cwd, "x.duckdb"));
    await rm(join(here.work, "last-run.json"));
    const { code, out, err } = await here.lading(["pipeline", "shop", "abort-packages"], { typed: "no\n" });
    expect([code, out, err.includes("Nothing was changed.")]).toEqual([1, "", true]);
    expect(await here.json("abort-packages", "--dry-run")).toMatchObject({
      aborted: false,
      plan: { packages: [{ loadId }] },
    });
    expect(await here.json("drop-pending-packages", "--yes")).toMatchObject({
      pipeline: "shop",
      workingFolder: here.work,
      aborted: true,
      plan: { packages: [{ loadId, failure: { code: "TABLE_CHANGED" } }], kept: [], dropsDraft: false },
    });
    expect(await here.json("abort-packages", "--yes")).toEqual({
      pipeline: "shop",
      workingFolder: here.work,
      aborted: false,
    });
  });

  test("with a load id gives up that one and newer ones", async () => {
    const first = await here.refused();
    await here.made(source("shop", [resource("more", [{ id: 1 }])])).extract({ config: here.config });
    const [, second] = (await readdir(join(here.work, "packages"))).toSorted();
    expect((await here.of("abort-packages", second!, "--dry-run")).out).toContain(
      `Older ones go on waiting: ${first}.`,
    );
    expect((await here.of("abort-packages", second!, "--yes")).out).toContain(
      `The next run goes on from package ${first}`,
    );
    expect(await readdir(join(here.work, "packages"))).toEqual([first]);
    expect(await here.of("abort-packages", "1.5", "--yes")).toMatchObject({
      code: 2,
      err: expect.stringContaining(`Those that wait: ${first}.`) as string,
    });
  });
});
