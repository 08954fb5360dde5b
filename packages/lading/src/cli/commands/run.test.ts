import { createServer, type Server } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunEvent } from "../../pipeline/events.ts";
import { main } from "../main.ts";
import { stopReason } from "../stop-signal.ts";
import { testingHost, type TestingHostOptions } from "../testing-host.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "lading-run-"));
  await write("package.json", "{}");
});
afterEach(() => rm(cwd, { recursive: true }));

const write = (name: string, text: string | Uint8Array): Promise<void> => writeFile(join(cwd, name), text);

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function lading(argv: readonly string[], options: TestingHostOptions = {}): Promise<Outcome> {
  const host = testingHost({ cwd, now: Date.now, ...options });
  const code = await main(argv, host);
  return { code, out: host.out(), err: host.err() };
}

async function query(sql: string, file = "x.duckdb"): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(join(cwd, file));
  try {
    const connection = await instance.connect();
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    instance.closeSync();
  }
}

describe("load", () => {
  const into = ["--database", "x.duckdb", "--dataset", "d"];

  test("puts arrays, objects, JSON lines, packed files and standard input into one table", async () => {
    await write("a.json", '[{"id": 1}, {"id": 2}]');
    await write("b.json", '{"id":\n3}\n{"id": 4}');
    await write("c.jsonl", '{"id": 5}\n\n{"id": 6}');
    await write("d.jsonl.gz", gzipSync('{"id": 7}\n'));
    const files = ["a.json", "b.json", "c.jsonl", "d.jsonl.gz", "-"];
    const { code, out, err } = await lading(["load", ...files, "--table", "t", ...into], { stdin: '{"id": 8}' });
    expect(err).toContain("t: finished, 8 rows");
    expect(out).toContain("8 rows");
    expect(code).toBe(0);
    expect(await query("select id from d.t order by id")).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((id) => [String(id)]));
  });

  test("keeps every digit", async () => {
    await write("a.json", '[{"id": 9007199254740993, "x": 1.0}]');
    expect((await lading(["load", "a.json", "--table", "t", ...into])).code).toBe(0);
    expect(await query("select id, typeof(id), typeof(x) from d.t")).toEqual([
      ["9007199254740993", "BIGINT", "DOUBLE"],
    ]);
  });

  test("merges by a key", async () => {
    await write("a.json", '[{"id": 1, "v": "old"}, {"id": 2, "v": "old"}]');
    await write("b.json", '[{"id": 2, "v": "new"}]');
    const merge = ["--table", "t", "--write-disposition", "merge", "--primary-key", "id", ...into];
    await lading(["load", "a.json", ...merge]);
    expect((await lading(["load", "b.json", ...merge])).code).toBe(0);
    expect(await query("select id, v from d.t order by id")).toEqual([
      ["1", "old"],
      ["2", "new"],
    ]);
  });

  test("of a broken file loads nothing, says where it is broken, and what comes next", async () => {
    await write("a.jsonl", '{"id": 1}\n{"id": oops}\n');
    const { code, out, err } = await lading(["load", "a.jsonl", "--table", "t", ...into]);
    expect(err).toContain("a.jsonl: value 2 is not valid JSON");
    expect(err).toMatch(/Nothing of this run was loaded\. The next run .+\n {2}lading explain/);
    expect(err).not.toContain("    at ");
    expect(out).toBe("");
    expect(code).toBe(1);
  });

  test("prints its events as JSON lines, and nothing at all when it is to be quiet", async () => {
    await write("a.json", '[{"id": 1}]');
    const { out } = await lading(["load", "a.json", "--table", "t", "--json", ...into]);
    const events = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as RunEvent);
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining(["run-started", "page", "committed", "run-finished"]),
    );
    expect(await lading(["load", "a.json", "--table", "t", "--quiet", ...into])).toEqual({ code: 0, out: "", err: "" });
  });

  test("that is stopped ends cleanly, says so, and leaves nothing half done", async () => {
    await write("a.json", '[{"id": 1}]');
    const stop = AbortSignal.abort(stopReason("SIGTERM"));
    const { code, err } = await lading(["load", "a.json", "--table", "t", ...into], { signal: stop });
    expect(err).toContain("✗ ABORTED");
    expect(code).toBe(143);
    expect((await lading(["load", "a.json", "--table", "t", ...into])).code).toBe(0);
    expect(await query("select count(*) from d.t")).toEqual([["1"]]);
  });
});

describe("pipeline NAME info", () => {
  test("says what is known, as text and as JSON", async () => {
    await write("a.json", '[{"id": 1, "lines": [{"n": 1}]}]');
    await lading(["load", "a.json", "--table", "t", "--pipeline", "shop", "--database", "x.duckdb", "--dataset", "d"]);
    const { code, out } = await lading(["pipeline", "shop", "info"]);
    expect(code).toBe(0);
    for (const line of [
      /^shop$/m,
      /^ {2}destination +duckdb$/m,
      /^ {2}dataset +d$/m,
      /^ {2}state version +1$/m,
      /^ {2}pending +nothing$/m,
      /^shop: schema version \d, \S{44}, 2 tables$/m,
      /^ {2}t__lines$/m,
    ]) {
      expect(out).toMatch(line);
    }
    const json: unknown = JSON.parse((await lading(["pipeline", "shop", "--json"])).out);
    expect(json).toMatchObject({ name: "shop", schemas: [{ tables: ["t", "t__lines"] }], pending: { packages: [] } });
  });
});

describe("run", () => {
  let server: Server;
  let base: string;
  let status: number;

  beforeEach(async () => {
    status = 200;
    server = createServer((request, response) => {
      const { authorization } = request.headers;
      const wanted = `Basic ${Buffer.from("demo:hunter22").toString("base64")}`;
      response.writeHead(authorization === wanted ? status : 401, { "content-type": "application/json" });
      const url = new URL(request.url ?? "/", base);
      const page = Number(url.searchParams.get("page") ?? 1);
      const next = page < 3 ? `${base}/items?page=${page + 1}` : null;
      response.end(JSON.stringify({ data: [{ id: page }], next, echo: "hunter22" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    await write(
      "p.yaml",
      [
        "name: shop",
        "destination: {type: duckdb, path: x.duckdb}",
        "dataset: d",
        "source:",
        "  name: shop",
        "  client:",
        `    base_url: ${base}`,
        "    auth: {type: http_basic, username: demo}",
        "    paginator: {type: json_link, next_url_path: next}",
        "  resources:",
        "    - {name: items, endpoint: {path: items, data_selector: data}}",
      ].join("\n"),
    );
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test("loads what a document describes, with the password from the environment", async () => {
    const env = { SOURCES__SHOP__CREDENTIALS__PASSWORD: "hunter22" };
    const { code, out, err } = await lading(["run", "p.yaml"], { env });
    expect(err).toContain("items: finished, 3 rows, 3 pages");
    expect(out).toContain("items");
    expect(code).toBe(0);
    expect(await query("select id from d.items order by id")).toEqual([["1"], ["2"], ["3"]]);
    expect(out + err).not.toContain("hunter22");
  });

  test("of a document without its password says where it was looked for", async () => {
    const { code, err } = await lading(["run", "p.yaml"]);
    expect(err).toContain("✗ CONFIG_MISSING");
    expect(err).toContain("SOURCES__SHOP__");
    expect(code).toBe(1);
  });

  test("that is refused shows no secret, and tells with its exit code that something must be changed", async () => {
    status = 403;
    const { code, err } = await lading(["run", "p.yaml"], {
      env: { SOURCES__SHOP__CREDENTIALS__PASSWORD: "hunter22" },
    });
    expect(err).toContain("Nothing of this run was loaded.");
    expect(err).not.toContain("hunter22");
    expect(code).toBe(1);
  });

  test("runs the pipeline that a module exports", async () => {
    const from = (path: string): string => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
    const folder = JSON.stringify(cwd);
    await write(
      "p.mjs",
      `import { pipeline } from ${from("pipeline/index.ts")};
       import { resource } from ${from("resource/index.ts")};
       import { duckdb } from ${from("destinations/duckdb/index.ts")};
       export default pipeline({
         name: "shop",
         source: resource("items", [{ id: 1 }]),
         destination: duckdb(${folder} + "/x.duckdb"),
         dataset: "d",
         workingFolder: ${folder} + "/.lading",
       });`,
    );
    const { code, out, err } = await lading(["run", "p.mjs", "--resources", "items"]);
    expect(err).toContain("items: finished, 1 row");
    expect(out).toContain("items");
    expect(code).toBe(0);
    expect(await query("select id from d.items")).toEqual([["1"]]);
    expect((await lading(["run", "p.mjs", "--resources", "itmes"])).code).toBe(2);
    expect(await readFile(join(cwd, "package.json"), "utf8")).toBe("{}");
  });
});
