import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Config } from "./config.ts";
import { createConfig } from "./create-config.ts";
import { loadProviders } from "./load-providers.ts";
import { activeProfile } from "./profile.ts";

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "lading-profile-"));
  await mkdir(join(project, ".dlt"));
});
afterEach(() => rm(project, { recursive: true }));

const write = (name: string, text: string): Promise<void> => writeFile(join(project, ".dlt", name), text);

describe("the profile in use", () => {
  test("is the one asked for, else the environment's, else the pinned one, else dev", async () => {
    await write(".workspace", "");
    const env = { WORKSPACE__PROFILE: "tests" };
    expect(activeProfile({ project, env: {} })).toBe("dev");
    await write("profile-name", " prod \nthis line says nothing");
    expect(activeProfile({ project, env: {} })).toBe("prod");
    expect(activeProfile({ project, env: { WORKSPACE__PROFILE: "" } })).toBe("prod");
    expect(activeProfile({ project, env })).toBe("tests");
    expect(activeProfile({ project, env, profile: "access" })).toBe("access");
  });

  test("is none where the project is no workspace, and none may be asked for", async () => {
    await write("profile-name", "prod");
    const env = { WORKSPACE__PROFILE: "prod" };
    expect(activeProfile({ project, env })).toBeUndefined();
    expect(() => activeProfile({ project, env, profile: "prod" })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", hint: expect.stringContaining(".workspace") }),
    );
  });

  test.each(["../prod", "pro/d", "a\\b", "..", "", "a\u0000"])("is a name: %j", async (profile) => {
    await write(".workspace", "");
    expect(() => activeProfile({ project, env: {}, profile })).toThrow("cannot be the name of a profile");
  });
});

describe("settings of a profile", () => {
  async function load(profile?: string): Promise<Config> {
    const home = join(project, "home");
    const providers = await loadProviders({ cwd: project, home, env: {}, root: false, mounted: "/nowhere", profile });
    return createConfig({ providers });
  }

  beforeEach(async () => {
    await mkdir(join(project, "home/.dlt"), { recursive: true });
    await write(".workspace", "");
    await write("config.toml", 'a = "plain"\nb = "plain"\n[t]\nx = "plain"\ny = "plain"');
    await write("prod.config.toml", 'a = "prod"\n[t]\nx = "prod"');
    await writeFile(join(project, "home/.dlt/config.toml"), 'a = "global"\nc = "global"\nd = "global"');
    await writeFile(join(project, "home/.dlt/prod.config.toml"), 'd = "global prod"');
  });

  test("go over the plain ones, in the project and then in the global folder, as in dlt", async () => {
    const config = await load("prod");
    expect(["a", "b", "c", "d"].map((key) => config.get(key))).toEqual(["prod", "plain", "global", "global prod"]);
    expect(config.get("t")).toEqual({ x: "prod", y: "plain" });
    expect((await load()).get("a")).toBe("plain");
  });

  test("are named by the file that they stand in", async () => {
    const config = await load("prod");
    expect(["t.x", "t.y", "c"].map((key) => config.where?.(key))).toEqual([
      `t.x in ${join(project, ".dlt/prod.config.toml")}`,
      "t.y in .dlt/config.toml",
      `c in ${join(project, "home/.dlt/config.toml")}`,
    ]);
  });
});
