import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConfig, pipeline, type RunResult } from "lading";
import { duckdb } from "lading/destinations/duckdb";
import { expect, test } from "vitest";
import { stickyio } from "./index.ts";
import { createSimulator, type StickyIoSimulator } from "./simulator/index.ts";

let clock = Date.UTC(2026, 0, 1);
const folder = (): string => mkdtempSync(join(tmpdir(), "lading-stickyio-"));

async function load(
  at: string,
  simulator: StickyIoSimulator,
  url: string,
): Promise<{ result: RunResult; asked: string[] }> {
  const before = simulator.requests.length;
  const result = await pipeline({
    name: "shop",
    source: stickyio({ baseUrl: url, username: "demo", password: "demo", incremental: true }),
    destination: duckdb(join(at, "shop.duckdb")),
    dataset: "d",
    workingFolder: join(at, "work"),
  }).run({ config: createConfig({ providers: [], pipelineName: "shop" }) });
  return { result, asked: simulator.requests.slice(before).map((request) => decodeURIComponent(request.url)) };
}

test("a second run asks only for what changed, and merges it", { timeout: 60_000 }, async () => {
  const at = folder();
  await using simulator = createSimulator({ rows: 250, perPage: 20, now: () => (clock += 1000) });
  const { url } = await simulator.listen();
  try {
    const first = await load(at, simulator, url);
    expect(first.result.resources["orders"]).toMatchObject({ rows: 250, pages: 13 });
    expect(first.asked.some((one) => one.includes("search"))).toBe(false);

    simulator.touch(25);
    simulator.grow(10);
    const second = await load(at, simulator, url);
    expect(second.result.resources["orders"]).toMatchObject({ rows: 35, pages: 2 });
    expect(second.result.loads[0]?.tables["orders"]).toMatchObject({ rows: 35, removed: 25, total: 260 });
    expect(second.asked.filter((one) => one.includes("/orders"))).toEqual([
      expect.stringMatching(/\/orders\?search\[updated_at\]=20.+&page=1$/),
      expect.stringMatching(/\/orders\?search\[updated_at\]=20.+&page=2$/),
    ]);

    const third = await load(at, simulator, url);
    expect(third.result.resources["orders"]).toMatchObject({ rows: 0, pages: 1 });
    expect(third.result.loads[0]?.tables["orders"]).toBeUndefined();
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
});

test("what is searched for must be a time", async () => {
  await using simulator = createSimulator({ rows: 20 });
  const { url } = await simulator.listen();
  const ask = async (since: string): Promise<{ status: number; total: number }> => {
    const answer = await fetch(`${url}/v2/orders?${new URLSearchParams({ "search[updated_at]": since }).toString()}`, {
      headers: { authorization: `Basic ${btoa("demo:demo")}` },
    });
    return { status: answer.status, total: ((await answer.json()) as { total: number }).total };
  };
  expect(await ask("yesterday")).toMatchObject({ status: 422 });
  expect(await ask("2000-01-01")).toEqual({ status: 200, total: 20 });
  expect(await ask("2100-01-01 00:00:00.000000")).toEqual({ status: 200, total: 0 });
});
