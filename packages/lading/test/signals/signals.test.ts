import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { buildLading, startLading, type Ended, type LadingProcess } from "./lading-process.ts";
import { slowServer, type SlowServer } from "./slow-server.ts";

// Processes that start on a machine that is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

/** Milliseconds in which a process must be gone; what it waits for never comes. */
const soon = 5000;
const pages = 5;
const signals = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;
type Signal = (typeof signals)[number][0];

let cwd: string;
let server: SlowServer;
beforeAll(buildLading);
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "lading-signals-"));
  await writeFile(join(cwd, "package.json"), "{}");
  server = await slowServer((path, url) => {
    const page = Number(new URL(path, url).searchParams.get("page") ?? 1);
    const next = page < pages ? `${url}/items?page=${page + 1}` : null;
    return { body: { data: [{ id: page, tags: ["x"] }], next } };
  });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(cwd, { recursive: true });
});

async function restDocument(): Promise<string> {
  const resource = { name: "items", endpoint: { path: "items", data_selector: "data" } };
  const client = { base_url: server.url, paginator: { type: "json_link", next_url_path: "next" } };
  const document = {
    name: "shop",
    destination: { type: "duckdb", path: "x.duckdb" },
    dataset: "d",
    source: { name: "shop", client, resources: [resource] },
  };
  await writeFile(join(cwd, "p.json"), JSON.stringify(document));
  return "p.json";
}

/** A module with a pipeline `shop` of `items`, as a user writes it. */
async function module(
  source: string,
  destination = `duckdb(${JSON.stringify(join(cwd, "x.duckdb"))})`,
): Promise<string> {
  const dist = (path: string): string =>
    JSON.stringify(pathToFileURL(join(import.meta.dirname, "../../dist", path, "index.js")).href);
  await writeFile(
    join(cwd, "p.mjs"),
    `import { page, pipeline, resource } from ${dist("")};
     import { duckdb } from ${dist("destinations/duckdb")};
     import { faultyDestination } from ${dist("testing")};
     const url = ${JSON.stringify(server.url)};
     ${source}
     export default pipeline({ name: "shop", source: items, destination: ${destination}, dataset: "d" });`,
  );
  return "p.mjs";
}

/** Pages as a program reads them that has never heard of an AbortSignal. */
const deafItems = `const items = resource("items", async function* ({ position }) {
  for (let n = position ?? 1; n <= ${pages}; n++) {
    const { data } = await (await fetch(url + "/items?page=" + n)).json();
    yield page({ rows: data, position: n + 1 });
  }
});`;

/** A destination that asks the server before it copies the second file. */
const slowCopy = `faultyDestination(duckdb(import.meta.dirname + "/x.duckdb"), {
  copied: 0,
  async pass({ name, action }) {
    if (name.startsWith("destination copy") && ++this.copied === 2) await fetch(url + "/copy");
    return action();
  },
}).destination`;

async function ids(): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(join(cwd, "x.duckdb"));
  try {
    const connection = await instance.connect();
    const items = await connection.runAndReadAll("SELECT id FROM d.items ORDER BY id");
    const tags = await connection.runAndReadAll("SELECT count(*) FROM d.items__tags");
    expect(tags.getRowsJson()).toEqual([[String(pages)]]);
    return items.getRowsJson().map(([id]) => Number(id));
  } finally {
    instance.closeSync();
  }
}
const all = Array.from({ length: pages }, (_, index) => index + 1);
const lading = (...argv: readonly string[]): LadingProcess => startLading(argv, cwd);
const waits = async (): Promise<readonly string[]> => {
  const names = await readdir(join(cwd, ".lading/shop")).catch(() => []);
  const packages = await readdir(join(cwd, ".lading/shop/packages")).catch(() => []);
  return [...names.filter((name) => name === "draft"), ...packages.map(() => "package")];
};

/** Pages that were asked for after the first `before` requests. */
const itemsSince = (before: number): readonly string[] =>
  server.asked.slice(before).filter((path) => path.startsWith("/items"));

/** How a run ends that is stopped as soon as it asks for `path`: at once, though nobody answers. */
async function stoppedAt(path: string, run: LadingProcess, name: Signal, code: number): Promise<Ended> {
  await server.came(path);
  run.signal(name);
  const end = await run.ended;
  expect(end).toMatchObject({ code });
  expect(end.after).toBeLessThan(soon);
  return end;
}

/** The next run, that nobody stops. */
async function nextRun(file: string): Promise<string> {
  const run = lading("run", file);
  expect(await run.ended).toMatchObject({ code: 0 });
  return run.out();
}

describe.each(signals)("%s", (name, code) => {
  test("ends a run at a checkpoint; what was read is kept, and the next run goes on there", async () => {
    const file = await restDocument();
    server.hold("/items?page=4");
    const end = await stoppedAt("/items?page=4", lading("run", file), name, code);
    expect(end.err).toContain("✗ ABORTED");
    expect(end.err).toContain("The next run goes on from the last checkpoint: items after page 3.");
    expect(await waits()).toEqual(["draft"]);
    server.release();
    expect(await nextRun(file)).toContain("Unfinished work of an earlier run was finished");
    expect(await ids()).toEqual(all);
    expect(server.asked.map((path) => path.replace("/items", ""))).toEqual([
      "",
      "?page=2",
      "?page=3",
      "?page=4",
      "?page=4",
      "?page=5",
    ]);
  });

  test("ends a run of a program that does not listen, and keeps what it had read", async () => {
    const file = await module(deafItems);
    server.hold("/items?page=4");
    const end = await stoppedAt("/items?page=4", lading("run", file), name, code);
    expect(end.err).toContain("items after page 3");
    server.release();
    await nextRun(file);
    expect(await ids()).toEqual(all);
    expect(server.asked.filter((path) => path === "/items?page=3")).toHaveLength(1);
  });

  test("while it waits to try again ends it as soon", async () => {
    const file = await restDocument();
    await server[Symbol.asyncDispose]();
    let isDown = true;
    server = await slowServer((path, url) => {
      if (isDown && path.endsWith("=2")) return { status: 503, headers: { "retry-after": "50" }, body: {} };
      const page = Number(new URL(path, url).searchParams.get("page") ?? 1);
      return {
        body: { data: [{ id: page, tags: ["x"] }], next: page < pages ? `${url}/items?page=${page + 1}` : null },
      };
    });
    await restDocument();
    const run = lading("run", file);
    await server.came("/items?page=2");
    run.signal(name);
    expect(await run.ended).toMatchObject({ code });
    isDown = false;
    await nextRun(file);
    expect(await ids()).toEqual(all);
  });

  test("while it loads ends it before the commit: nothing is loaded, and the next run loads the package", async () => {
    const file = await module(deafItems, slowCopy);
    server.hold("/copy");
    const run = lading("run", file);
    await server.came("/copy");
    run.signal(name);
    await run.said("Stopping at the next checkpoint");
    const before = server.asked.length;
    server.release();
    const end = await run.ended;
    expect(end).toMatchObject({ code });
    expect(end.err).toContain("The run was stopped while it loaded.");
    expect(end.err).toMatch(/What was fetched is kept \(package [\d.]+\): the next run loads it/);
    expect(await waits()).toEqual(["package"]);
    await nextRun(file);
    expect(await ids()).toEqual(all);
    expect(itemsSince(before)).toEqual([]);
  });

  test("before the run has begun leaves nothing behind, whatever the module waits for", async () => {
    const file = await module(`await fetch(url + "/starting"); ${deafItems}`);
    server.hold("/starting");
    const end = await stoppedAt("/starting", lading("run", file), name, code);
    expect(end.err).toContain("✗ ABORTED");
    expect((await readdir(cwd)).toSorted()).toEqual(["p.mjs", "package.json"]);
  });

  test("for the second time ends the process at once, and the next run is right all the same", async () => {
    const file = await module(deafItems, slowCopy);
    server.hold("/copy");
    const run = lading("run", file);
    await server.came("/copy");
    run.signal(name === "SIGINT" ? "SIGTERM" : "SIGINT");
    await run.said("Stopping at the next checkpoint");
    run.signal(name);
    const end = await run.ended;
    expect(end).toMatchObject({ code });
    expect(end.after).toBeLessThan(soon);
    expect(await waits()).toEqual(["package"]);
    server.release();
    const before = server.asked.length;
    await nextRun(file);
    expect(await ids()).toEqual(all);
    expect(itemsSince(before)).toEqual([]);
  });

  test("ends what reads from a pipe that stays open", async () => {
    const run = lading("load", "-", "--table", "t");
    await run.said("t: started");
    run.signal(name);
    const end = await run.ended;
    expect(end).toMatchObject({ code });
    expect(end.after).toBeLessThan(soon);
  });
});
