import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { pipeline } from "../../src/pipeline/index.ts";
import { page, resource, source } from "../../src/resource/index.ts";
import { shop, shopPlace, type Outcome, type ShopPlace } from "./shop-place.ts";

let here: ShopPlace;
beforeEach(async () => {
  here = await shopPlace();
});
afterEach(() => here[Symbol.asyncDispose]());

describe("pipeline NAME OPERATION", () => {
  test("takes options at any place, and shows info where no operation is named", async () => {
    await here.run();
    const info = JSON.parse((await here.lading(["pipeline", "shop", "--json"])).out) as object;
    expect(info).toMatchObject({ name: "shop", dataset: "shop_data", lastRun: { command: "run", outcome: "done" } });
    for (const argv of [
      ["pipeline", "--json", "shop", "info"],
      ["--debug", "pipeline", "shop", "info", "--json"],
      ["pipeline", "shop", "--json", "info"],
    ]) {
      expect(JSON.parse((await here.lading(argv)).out)).toMatchObject({ name: "shop" });
    }
    expect((await here.lading(["pipeline", "shop", "--dataset", "d", "sync", "--json"])).out).toContain(
      '"dataset": "d"',
    );
    expect((await here.of("info")).out).toMatch(/^ {2}last run +done, .+\(`trace` shows more\)$/m);
  });

  test("says what was meant", async () => {
    await here.run();
    for (const [argv, message] of [
      [["pipeline", "shopp", "trace"], 'No pipeline "shopp" has run here. Did you mean "shop"?'],
      [["pipeline", "shop", "trase"], "(Did you mean trace?)"],
      [["pipeline", "shop", "drop", "--drop-al"], "(Did you mean --drop-all?)"],
      [["pipeline", "shop", "drop", "--yes"], "USAGE It is not said what to drop."],
      [["pipeline", "shop", "schema", "--schema", "shob"], 'no schema "shob". Did you mean "shop"?'],
      [["pipeline", "shop", "drop", "orders", "--yes", "--schema", "shob"], 'no schema "shob". Did you mean "shop"?'],
      [["pipeline", "shop", "schema", "--json", "--format", "yaml"], "cannot be used with"],
      [["pipeline", "shop", "drop", "orders", "--yes", "--dry-run"], "cannot be used with"],
      [["pipeline", "shop", "sync", "--database", "nothing.duckdb"], "nothing.duckdb is not there."],
      [["pipeline"], "Usage: lading pipeline <name> [operation]"],
    ] as const) {
      expect(await here.lading(argv)).toMatchObject({
        code: 2,
        out: "",
        err: expect.stringContaining(message) as string,
      });
    }
    expect(existsSync(join(here.cwd, "nothing.duckdb"))).toBe(false);
  });

  test("each has a help of its own, with the name where it is written", async () => {
    for (const operation of ["info", "trace", "load-package", "schema", "sync", "drop", "abort-packages"]) {
      const { code, out } = await here.lading(["pipeline", "shop", operation, "--help"]);
      expect([code, out.split("\n", 1)[0]]).toEqual([
        0,
        expect.stringMatching(new RegExp(`^Usage: lading pipeline <name> ${operation} .*\\[options\\]$`)),
      ]);
    }
  });
});

describe("trace", () => {
  test("shows the last run, and is the same as JSON", async () => {
    await here.run();
    const { code, out } = await here.of("trace");
    expect(code).toBe(0);
    expect(out).toContain("shop: the last run succeeded.");
    expect(out).toMatch(/^ {2}destination +duckdb \(.+x\.duckdb\), dataset shop_data$/m);
    expect(out).toMatch(/^ {2}extract +[\d.]+ m?s {2}done$/m);
    expect(out).toMatch(/^ {2}orders__lines +1 +\d+ B +0 +1$/m);
    expect(await here.json("trace")).toEqual({
      pipeline: "shop",
      workingFolder: here.work,
      trace: JSON.parse(JSON.stringify(await here.made().lastRun({ config: here.config }))) as unknown,
    });
  });

  test("of a run that failed shows why, and with --debug where", async () => {
    const loadId = await here.refused();
    const { out } = await here.of("trace");
    expect(out).toContain("shop: the last run failed.");
    expect(out).toMatch(/^ {2}✗ TABLE_CHANGED "late" in shop_data is a view/m);
    expect(out).toContain(`waits        1 package: ${loadId}`);
    expect(out).not.toContain("    at ");
    expect((await here.of("trace", "--debug")).out).toMatch(/^ {6}at /m);
    expect(await here.json("info")).toMatchObject({ lastRun: { outcome: "failed", code: "TABLE_CHANGED" } });
  });

  test("while another run is at work says so, and shows the one before", async () => {
    await here.run();
    let inside: Outcome | undefined;
    await here.run(
      source("shop", [
        resource("t", async function* () {
          inside = await here.of("trace");
          yield page({ rows: [{ id: 1 }], position: 1 });
        }),
      ]),
    );
    expect(inside?.out).toMatch(/^A run is at work: process \d+ on .+What follows is of the one before\.$/m);
    expect(inside?.out).toContain("the last run succeeded");
  });

  test("says where no run has noted anything", async () => {
    await here.run();
    await rm(join(here.work, "last-run.json"));
    expect((await here.of("trace")).out).toContain("no run has noted what it did");
    expect(await here.json("trace")).toEqual({ pipeline: "shop", workingFolder: here.work });
  });
});

describe("schema", () => {
  test("shows tables and columns as they were loaded last, dlt's own at the end", async () => {
    await here.run();
    const { out } = await here.of("schema");
    expect(out).toMatch(
      /^shop: schema version 2, \S{44}, 6 tables\n {2}of package [\d.]+, as it was loaded; names by snake_case$/m,
    );
    expect(out).toMatch(/^orders {2}append\n {2}n +bigint/m);
    expect(out).toMatch(/^orders__lines {2}in orders\n {2}sku +text/m);
    expect(out.indexOf("visits  append")).toBeLessThan(out.indexOf("_dlt_loads  dlt's own"));
  });

  test("as YAML it is the file that a pipeline exports, as JSON what is stored, and as a diagram Mermaid's", async () => {
    await pipeline({
      name: "shop",
      source: shop(),
      destination: duckdb(join(here.cwd, "x.duckdb")),
      dataset: "d",
      workingFolder: join(here.cwd, ".lading"),
      exportSchemaPath: join(here.cwd, "out"),
    }).run({ config: here.config });
    expect((await here.of("schema", "--format", "yaml")).out).toBe(
      await readFile(join(here.cwd, "out", "shop.schema.yaml"), "utf8"),
    );
    const [[stored] = []] = await here.sql("SELECT schema FROM d._dlt_version");
    const parsed = JSON.parse(stored as string) as { version_hash: string };
    expect(JSON.parse((await here.of("schema", "--format", "json")).out)).toEqual(parsed);
    expect(await here.json("schema")).toMatchObject({ pipeline: "shop", schemas: [{ name: "shop", schema: parsed }] });
    expect((await here.of("schema", "--format", "mermaid")).out).toMatch(
      /^erDiagram\n {4}"orders" \{\n {8}bigint n\n[^]+"orders__lines" \}\|--\|\| "orders" : "_dlt_parent"\n$/,
    );
  });

  test("asks the destination where that is said, or where the data is", async () => {
    await here.run();
    await rm(join(here.work, "loaded"), { recursive: true });
    expect(await here.of("schema")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--from-destination") as string,
    });
    expect((await here.of("schema", "--from-destination")).out).toMatch(
      /as stored in duckdb \(.+\), dataset shop_data;/,
    );
    expect((await here.of("schema", "--database", "x.duckdb", "--schema", "shop")).code).toBe(0);
  });

  test("of several one must be named where the format has no place for more", async () => {
    await here.run([shop(), source("zoo", [resource("animals", [{ id: 1 }])])]);
    expect((await here.of("schema")).out).toMatch(/^zoo: [^]+^shop: |^shop: [^]+^zoo: /m);
    expect((await here.of("schema", "--format", "yaml")).err).toMatch(/--schema (zoo|shop), or --schema (zoo|shop)\./);
    expect((await here.of("schema", "--format", "yaml", "--schema", "zoo")).out).toContain("name: zoo");
  });
});

describe("sync", () => {
  test("shows what the next run begins with, and writes nothing", async () => {
    await here.run();
    const before = await readdir(here.work, { recursive: true });
    const { code, out } = await here.of("sync");
    expect(code).toBe(0);
    expect(out).toContain("shop: the next run begins with this.");
    expect(out).toMatch(/^ {2}dataset +shop_data$/m);
    expect(out).toMatch(/^ {2}shop\.resources\.orders +\{"incremental":/m);
    const found = await here.json("sync");
    expect(found).toMatchObject({
      pipeline: "shop",
      destination: "duckdb",
      dataset: "shop_data",
      state: { version: 1, sources: { shop: { resources: { visits: { incremental: { n: { last_value: 5 } } } } } } },
      schemas: [{ name: "shop", tables: ["orders", "visits", "orders__lines"] }],
    });
    expect(Object.keys((found["schemas"] as object[])[0]!)).toEqual(["name", "version", "hash", "tables"]);
    expect(await readdir(here.work, { recursive: true })).toEqual(before);
  });

  test("on a machine that has nothing takes the place from the command line, or from the pipeline's file", async () => {
    await here.run();
    await rm(join(here.cwd, ".lading"), { recursive: true });
    expect(await here.of("sync")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--file pipeline.ts") as string,
    });
    expect(await here.json("sync", "--database", "x.duckdb", "--dataset", "shop_data")).toMatchObject({
      state: { version: 1 },
    });
    await writeFile(
      join(here.cwd, "shop.json"),
      JSON.stringify({
        name: "shop",
        destination: { type: "duckdb", path: "x.duckdb" },
        dataset: "Shop Data",
        source: { client: { base_url: "http://127.0.0.1:9/" }, resources: ["orders"] },
      }),
    );
    expect(await here.json("sync", "--file", "shop.json")).toMatchObject({
      dataset: "shop_data",
      state: { version: 1 },
    });
    expect((await here.lading(["pipeline", "other", "sync", "--file", "shop.json"])).err).toContain(
      'shop.json is the pipeline "shop", not "other".',
    );
  });

  test("takes the dataset as it is called, whatever settings would make of a name", async () => {
    await here.run();
    const env = { DATASET_NAME_LAYOUT: "dev_%s", DEV_MODE: "true" };
    const { out } = await here.lading(["pipeline", "shop", "sync", "--json"], { env });
    expect(JSON.parse(out)).toMatchObject({ dataset: "shop_data", state: { version: 1 } });
  });

  test("finds the place in what was loaded where no run has noted it", async () => {
    await here.run();
    await rm(join(here.work, "last-run.json"));
    expect(await here.json("sync")).toMatchObject({ dataset: "shop_data", state: { version: 1 } });
  });

  test("says of a destination that it does not know where to find it", async () => {
    await here.run();
    const path = join(here.work, "last-run.json");
    const trace = JSON.parse(await readFile(path, "utf8")) as object;
    await writeFile(path, JSON.stringify({ ...trace, destination: "warehouse" }));
    const { code, err } = await here.of("sync");
    expect(code).toBe(2);
    expect(err).toContain('loads into "warehouse"');
    expect(err).toContain("--file pipeline.ts");
  });
});
