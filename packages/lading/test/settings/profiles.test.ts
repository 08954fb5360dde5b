import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { LadingError, pipeline, resource } from "../../src/index.ts";
import { main } from "../../src/cli/main.ts";
import { testingHost } from "../../src/cli/testing-host.ts";

const before = process.cwd();
let project = "";

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "lading-workspace-"));
  mkdirSync(join(project, ".dlt"));
  writeFileSync(join(project, ".dlt/.workspace"), "");
  vi.stubEnv("LADING_HOME", undefined);
  vi.stubEnv("WORKSPACE__PROFILE", undefined);
  process.chdir(project);
  project = process.cwd();
});

afterEach(() => {
  process.chdir(before);
  vi.unstubAllEnvs();
  rmSync(project, { recursive: true, force: true });
});

const shop = (rows: readonly object[] | (() => never)) =>
  pipeline({
    name: "shop",
    source: resource("orders", typeof rows === "function" ? rows : () => rows),
    destination: duckdb(),
    dataset: "shop_data",
  });

test("each profile has its own data and its own unfinished work", async () => {
  await shop([{ id: 1 }]).run({ profile: "dev" });
  const failing = shop(() => {
    throw new Error("down");
  });
  await expect(failing.run({ profile: "prod" })).rejects.toThrow(LadingError);
  const dev = await shop([{ id: 2 }]).run();
  expect([dev.kind, dev.location]).toEqual(["new", join(project, ".dlt/data/dev/shop.duckdb")]);
  await shop([{ id: 3 }]).run({ profile: "prod" });

  const rowsOf = (profile: string): Promise<unknown[]> =>
    shop([]).dataset({ profile }).sql<{ id: number }>`select id from orders order by id`.rows();
  expect(await rowsOf("dev")).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await rowsOf("prod")).toEqual([{ id: 3 }]);
});

test("a folder for data that the settings name is an error, not a second database", async () => {
  writeFileSync(join(project, ".dlt/config.toml"), '[workspace.settings]\nlocal_dir = "elsewhere"');
  await expect(shop([]).run()).rejects.toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});

test("the command line takes the profile before and after the command", async () => {
  writeFileSync(join(project, "rows.json"), '[{"id": 1}]');
  for (const argv of [
    ["load", "rows.json", "--table", "t", "--profile", "prod", "--quiet"],
    ["--profile", "prod", "pipeline", "load", "info"],
  ]) {
    const host = testingHost({ cwd: project, now: Date.now });
    const code = await main(argv, host);
    expect([code, host.err()]).toEqual([0, ""]);
  }
  expect(existsSync(join(project, ".dlt/data/prod/load.duckdb"))).toBe(true);
  const host = testingHost({ cwd: project });
  expect(await main(["pipeline", "load", "info"], host)).toBe(2);
});
