import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createConfig } from "../../config/create-config.ts";
import { duckdb } from "../../destinations/duckdb/index.ts";
import { pipeline, type RunOptions } from "../../pipeline/index.ts";
import { page, resource, transformer, type Resource } from "../../resource/index.ts";
import { main } from "../main.ts";
import { testingHost } from "../testing-host.ts";

let cwd: string;
let work: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "lading-cli-"));
  work = join(cwd, ".lading", "shop");
  await writeFile(join(cwd, "package.json"), "{}");
});
afterEach(() => rm(cwd, { recursive: true }));

async function lading(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const host = testingHost({ cwd, now: Date.now });
  const code = await main(argv, host);
  return { code, out: host.out(), err: host.err() };
}
async function shown(...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await lading("pipeline", "shop", "load-package", ...argv);
  expect([code, err]).toEqual([0, ""]);
  return out;
}
const json = async (...argv: readonly string[]): Promise<unknown> =>
  JSON.parse(await shown("--json", ...argv)) as unknown;

const noSettings = createConfig({ providers: [], pipelineName: "shop" });
async function run(source: Resource | readonly Resource[], options: RunOptions = {}): Promise<string> {
  const made = pipeline({
    name: "shop",
    source,
    destination: duckdb(join(cwd, "x.duckdb")),
    dataset: "d",
    workingFolder: join(cwd, ".lading"),
  });
  const { loads } = await made.run({ config: noSettings, ...options });
  return loads[0]!.loadId;
}
async function sql(statement: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(cwd, "x.duckdb"));
  try {
    await (await instance.connect()).run(statement);
  } finally {
    instance.closeSync();
  }
}
const rows = (...ids: readonly number[]): Resource => resource("t", () => ids.map((id) => ({ id, l: [id] })));
/** A sealed package that the destination refuses. */
async function refused(): Promise<string> {
  await run(rows(1));
  await sql("CREATE VIEW d.late AS SELECT 1 AS id");
  await expect(run(resource("late", [{ id: 1 }, { id: 2 }]))).rejects.toMatchObject({ code: "TABLE_CHANGED" });
  const [loadId] = await readdir(join(work, "packages"));
  return loadId!;
}
/** Pages that fail at the third. */
function failing(): readonly Resource[] {
  const orders = resource("orders", async function* () {
    for (let n = 1; ; n++) {
      if (n === 3) throw new Error("no more");
      await Promise.resolve();
      const request = { method: "GET", url: `https://shop.example/orders?${"x".repeat(120)}&page=${n + 1}` };
      yield page({ rows: [{ id: n }], bytes: 1500, position: { request } });
    }
  });
  const lines = transformer({ name: "lines", from: orders }, (order) => [{ order: order.id }]);
  const once = resource("once", [{ id: 1 }]);
  return [orders, lines, once];
}

describe("pipeline NAME load-package", () => {
  test("says so where nothing waits and nothing is kept", async () => {
    await mkdir(work, { recursive: true });
    expect(await shown()).toBe("shop: nothing waits, and nothing that was loaded from here is kept.\n");
    expect(await json()).toEqual({
      pipeline: "shop",
      workingFolder: work,
      pending: [],
      setAside: [],
      loaded: [],
      loadedCount: 0,
    });
  });

  test("of a pipeline that has never run is wrong use", async () => {
    expect(await lading("pipeline", "shop", "load-package")).toMatchObject({
      code: 2,
      err: expect.stringContaining("✗ PIPELINE_NOT_FOUND") as string,
    });
  });

  test("shows the last five that were loaded, newest first, and with --all all of them", async () => {
    const ids: string[] = [];
    for (let id = 0; id < 7; id++) ids.unshift(await run(rows(id, id)));
    const text = await shown();
    expect(text).toContain("shop: nothing waits. All that was read is loaded.");
    expect(text).toContain("Loaded: the last 5 of 7 kept here (--all shows all)");
    expect([...text.matchAll(/^ {2}(\d+\.\d+) .+ago +4 rows +2 tables +dataset d$/gm)].map(([, id]) => id)).toEqual(
      ids.slice(0, 5),
    );
    expect((await shown("--all")).match(/4 rows/g)).toHaveLength(7);
    expect(await json("--all")).toMatchObject({
      loadedCount: 7,
      loaded: ids.map((loadId) => ({ loadId, state: "loaded" })),
    });
  });

  test("shows a draft: how far each resource is, where it goes on, and what the next run does", async () => {
    await expect(run(failing())).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    const text = await shown();
    expect(text).toContain("shop: extraction that is not finished.");
    expect(text).toMatch(/^ {2}begun +\d{4}-.+ UTC.*, \d seconds? ago$/m);
    expect(text).toMatch(/^ {2}on disk +[\d.]+ kB in .+draft$/m);
    expect(text).toMatch(/^ {2}orders +2 +2 +3\.0 kB {2}GET https:\/\/shop\.example\/orders\?x+…x+&page=3$/m);
    expect(text).toMatch(/^ {2}lines +2 +2 .+ goes on with orders$/m);
    expect(text).toMatch(/^ {2}once +1 +1 +0 B {2}finished$/m);
    expect(text).toMatch(/^ {2}orders +2 +\d+ B +1$/m);
    expect(text).toContain("The next run goes on from here, and loads it all.");
    expect(text).toContain("--fresh");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(190);
    expect(await json()).toMatchObject({
      draft: {
        resources: expect.arrayContaining([
          expect.objectContaining({ name: "orders", state: "continues", pages: 2, rows: 2, bytes: 3000 }),
          expect.objectContaining({ name: "lines", state: "continues", parent: "orders" }),
        ]) as unknown,
        tables: expect.arrayContaining([expect.objectContaining({ name: "lines", rows: 2, files: 1 })]) as unknown,
        damage: [],
      },
    });
  });

  test("shows a draft that is damaged, and one before its first checkpoint", async () => {
    await expect(run(failing())).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    const [file] = await readdir(join(work, "draft", "rows", "orders"));
    await truncate(join(work, "draft", "rows", "orders", file!), 1);
    expect(await shown()).toMatch(
      /damaged +rows\/orders\/.+ has 1 bytes instead of \d+[^]*next run drops it, as it is damaged/,
    );
    await writeFile(join(work, "draft", "draft.json"), "{");
    expect(await shown()).toMatch(/damaged +draft\.json cannot be read/);
    await writeFile(
      join(work, "draft", "draft.json"),
      JSON.stringify({ format: 1, createdAt: "2026-01-01T00:00:00Z" }),
    );
    await writeFile(join(work, "draft", "journal.jsonl"), "");
    expect(await shown()).toMatch(/checkpoint +none yet[^]*The next run begins anew: nothing had been kept yet\./);
  });

  test("shows a package that waits, and what the next run does with it", async () => {
    const loadId = await refused();
    const text = await shown();
    expect(text).toContain("shop: 1 package to be loaded.");
    expect(text).toContain(`Package ${loadId}, not loaded yet`);
    expect(text).toMatch(/^ {2}sealed +\d{4}-/m);
    expect(text).toMatch(/^ {2}goes to +duckdb, dataset d$/m);
    expect(text).toMatch(/^ {2}late +2 +\d+ B +1$/m);
    expect(text).toContain("The next run loads it first, and reads nothing new.");
    expect(text).toContain("Loaded: 1 kept here");
    expect(await json()).toMatchObject({
      pending: [{ loadId, state: "pending", damage: [], tables: [{ name: "late", rows: 2, files: 1 }] }],
    });
  });

  test("shows tables that are emptied, and packages without rows", async () => {
    await run(resource({ name: "t", writeDisposition: "replace" }, [{ id: 1 }]));
    const loadId = await run(resource({ name: "t", writeDisposition: "replace" }, []));
    expect(await shown(loadId)).toMatch(/emptied +t\n[^]*No rows\./);
  });

  test("shows each package that is damaged as such, and the others all the same", async () => {
    const good = await run(rows(1));
    const bad = await run(rows(2));
    const shape = await run(rows(3));
    const waits = await refused();
    await writeFile(join(work, "loaded", bad, "manifest.json"), "{ torn");
    await writeFile(join(work, "loaded", shape, "manifest.json"), JSON.stringify({ loadId: shape, parts: 7 }));
    await writeFile(join(work, "loaded", shape, "trace.json"), "[]");
    await rm(join(work, "packages", waits, "rows"), { recursive: true });
    await rm(join(work, "packages", waits, "state.json"));
    await mkdir(join(work, "packages", waits, "state.json"));
    await mkdir(join(work, "loaded", "a person's notes"));
    const text = await shown();
    expect(text).toMatch(new RegExp(`^ {2}${bad} .+ago {2,}damaged: manifest.json cannot be read$`, "m"));
    expect(text).toMatch(
      new RegExp(`^ {2}${shape} .+damaged: manifest.json cannot be read; trace.json cannot be read$`, "m"),
    );
    expect(text).toMatch(new RegExp(`^ {2}${good} .+ 2 rows`, "m"));
    expect(text).toMatch(/damaged +rows\/late\/.+ is missing/);
    expect(text).toContain("state.json cannot be read (EISDIR)");
    expect(text).toContain("The next run stops at it, with PACKAGE_CORRUPT.");
    expect(text).not.toContain("notes");
    expect(await json()).toMatchObject({
      loaded: expect.arrayContaining([expect.objectContaining({ loadId: bad })]) as unknown,
    });
    expect(await shown(bad)).toContain("damaged      manifest.json cannot be read");
    expect((await lading("pipeline", "shop", "info")).code).toBe(0);
  });

  test("shows what was set aside, and why", async () => {
    const loadId = await refused();
    await run(rows(5), { fresh: true });
    const text = await shown();
    expect(text).toContain("1 package set aside.");
    expect(text).toMatch(
      new RegExp(`Package ${loadId}, set aside\n[^]* {2}why +TABLE_CHANGED: .+[^]*It is not loaded any more\\.`),
    );
    expect(await json(loadId)).toMatchObject({ package: { state: "set-aside", reason: { code: "TABLE_CHANGED" } } });
  });

  test("with a load id shows that one with all that is known", async () => {
    await run(rows(1));
    const loadId = await run(rows(2, 3));
    const text = await shown(loadId);
    expect(text).toContain(`shop: package ${loadId}, loaded`);
    expect(text).toMatch(/^ {2}loaded +.+ago, in /m);
    expect(text).toMatch(/^ {2}destination +duckdb \(.+x\.duckdb\), dataset d$/m);
    expect(text).toMatch(/^ {2}schema hash +\S{44}$/m);
    expect(text).toMatch(/^ {2}t +2 +\d+ B +1 +0 +3 +0$/m);
    const schema = JSON.parse(await readFile(join(work, "loaded", loadId, "schema.json"), "utf8")) as {
      version_hash: string;
    };
    expect(await json(loadId)).toMatchObject({
      pipeline: "shop",
      package: {
        loadId,
        schema: { name: "shop", hash: schema.version_hash, tables: ["t", "t__l"] },
        load: { tables: { t: { rows: 2, removed: 0, total: 3 } } },
      },
    });
  });

  test("with a load id that is not here is wrong use, and names the nearest", async () => {
    const loadId = await run(rows(1));
    const { code, out, err } = await lading("pipeline", "shop", "load-package", `${loadId}9`);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("✗ PACKAGE_NOT_FOUND");
    expect(err).toContain(`Did you mean "${loadId}"?`);
  });

  test("while a run is at work says so, and neither waits nor disturbs it", async () => {
    let inside = "";
    const loadId = await run(
      resource("t", async function* () {
        yield page({ rows: [{ id: 1 }], position: 1 });
        inside = await shown();
        yield page({ rows: [{ id: 2 }], position: 2 });
      }),
    );
    expect(inside).toContain(`A run is at work: process ${process.pid} on `);
    expect(inside).toContain("It is being filled now: this is how it stood a moment ago.");
    expect(await shown(loadId)).toMatch(/^ {2}t +2 /m);
  });

  test("reads a journal with a torn last line up to it", async () => {
    await expect(run(failing())).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
    const before = await json();
    await appendFile(join(work, "draft", "journal.jsonl"), '0123456789abcdef {"at":"20');
    expect(await json()).toMatchObject({
      draft: { resources: (before as { draft: { resources: unknown[] } }).draft.resources, damage: [] },
    });
  });

  test("takes nothing that goes with it for the other view", async () => {
    await run(rows(1));
    for (const [argv, what] of [
      [["--all"], "--all goes with load-package"],
      [["info", "123.4"], "'123.4' goes with load-package"],
    ] as const) {
      expect(await lading("pipeline", "shop", ...argv)).toMatchObject({
        code: 2,
        err: expect.stringContaining(what) as string,
      });
    }
  });
});
