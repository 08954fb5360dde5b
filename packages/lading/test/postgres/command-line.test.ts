import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { testingHost } from "../../src/cli/testing-host.ts";
import { ask } from "./load.ts";
import { postgresDatabase, type PostgresDatabase } from "./server.ts";

const cwd = mkdtempSync(join(tmpdir(), "lading-pg-cli-"));
let server: PostgresDatabase;
let api: Server;
beforeAll(async () => {
  server = await postgresDatabase();
  api = createServer((_, response) => response.end('{"data":[{"id":1},{"id":2}]}')).listen(0, "127.0.0.1");
  await new Promise((resolve) => api.once("listening", resolve));
  writeFileSync(join(cwd, "package.json"), "{}");
}, 60_000);
afterAll(async () => {
  api.close();
  await server.stop();
  rmSync(cwd, { recursive: true, force: true });
});

async function lading(...argv: readonly string[]) {
  const env = { DESTINATION__POSTGRES__CREDENTIALS: server.url };
  const host = testingHost({ cwd, now: Date.now, env });
  const code = await main(argv, host);
  return { code, text: host.out() + host.err() };
}

test("a document loads into the server that the settings name", { timeout: 60_000 }, async () => {
  const base = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  writeFileSync(
    join(cwd, "p.yaml"),
    `name: shop\ndestination: postgres\ndataset: d\nsource:\n  name: shop\n  client: {base_url: "${base}"}\n  resources: [{name: items, endpoint: {path: items, data_selector: data, paginator: single_page}}]\n`,
  );
  const { code, text } = await lading("run", "p.yaml");
  expect(text).not.toContain(new URL(server.url).password || "lading-test");
  expect([code, await ask(server.url, "SELECT id FROM d.items ORDER BY id")]).toEqual([0, [{ id: "1" }, { id: "2" }]]);
});

test("files are loaded into it, too", { timeout: 60_000 }, async () => {
  writeFileSync(join(cwd, "a.jsonl"), '{"id": 7}\n');
  const into = ["load", "a.jsonl", "--table", "t", "--dataset", "files", "--destination", "postgres"];
  expect((await lading(...into)).code).toBe(0);
  expect(await ask(server.url, "SELECT id FROM files.t")).toEqual([{ id: "7" }]);
  const { code, text } = await lading(...into, "--database", "x.duckdb");
  expect([code, text]).toEqual([2, expect.stringContaining("--database names a file, and postgres is a server.")]);
});
