import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import type { Config } from "./config.ts";
import { createConfig } from "./create-config.ts";
import { loadProviders } from "./load-providers.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-config-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

async function load(env: Record<string, string> = {}, cwd = "project"): Promise<Config> {
  await mkdir(join(folder, cwd), { recursive: true });
  const providers = await loadProviders({
    cwd: join(folder, cwd),
    home: join(folder, "home"),
    mounted: join(folder, "secrets"),
    root: false,
    env,
  });
  return createConfig({ providers });
}

describe("settings of a project", () => {
  test("are taken from the environment, .env, secrets.toml and config.toml, in this order", async () => {
    await write("project/package.json", "{}");
    await write("project/.env", "A=2\nB=2");
    await write("project/.dlt/secrets.toml", 'a = "3"\nb = "3"\nc = "3"');
    await write("project/.dlt/config.toml", 'a = "4"\nb = "4"\nc = "4"\nd = 4');
    const config = await load({ A: "1" }, "project/src/deep");
    expect(["a", "b", "c", "d"].map((key) => config.get(key))).toEqual(["1", "2", "3", 4]);
  });

  test("go over those of the global folder, table by table", async () => {
    await write("home/.dlt/secrets.toml", '[sources.shop]\ntoken = "global"\nuser = "global"');
    await write("project/.dlt/secrets.toml", '[sources.shop]\ntoken = "of the project"');
    const config = await load();
    expect(config.get("sources.shop")).toMatchObject({ token: "of the project", user: "global" });
  });

  test("may be mounted as files, or as folders with a file of the same name", async () => {
    await write("secrets/api-key", " one \n");
    await write("secrets/sources--shop--token/sources--shop--token", "two");
    const config = await load();
    expect(config.secret("api_key")).toBe("one");
    expect(config.secret("token", ["sources", "shop"])).toBe("two");
  });

  test("are of the folder that DLT_PROJECT_DIR names", async () => {
    await write("elsewhere/.dlt/config.toml", "size = 5");
    expect((await load({ DLT_PROJECT_DIR: join(folder, "elsewhere") })).get("size")).toBe(5);
  });

  test("that are global do not make the home folder a project", async () => {
    await write("home/.dlt/config.toml", "size = 5");
    await write("home/shop/.env", "SIZE=6");
    expect((await load({}, "home/shop")).get("size")).toBe("6");
  });
});

describe("a settings file", () => {
  test("that is not there is named where a value is missing", async () => {
    const error = await load().then((config) => caught(() => config.secret("token")));
    expect(error.details["filesNotThere"]).toEqual([
      join(folder, "project/.env"),
      join(folder, "project/.dlt/secrets.toml"),
      join(folder, "home/.dlt/secrets.toml"),
    ]);
  });

  test.each([
    ["project/.dlt/secrets.toml", 'a = "ok"\ntoken = "hunter22', 2],
    ["project/.dlt/secrets.toml", "a = 1\ntoken = hunter22\n", 2],
    ["project/.dlt/config.toml", "a = 1\na = 'hunter22'\n", 2],
    ["project/.env", "A=1\nhunter22\n", 2],
    ["project/.env", 'A="hunter22', 1],
    ["project/.env", "A='x' hunter22", 1],
  ])("that is broken is an error with its place and nothing of its content: %s %j", async (path, text, line) => {
    await write(path, text);
    const error = await load().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!LadingError.is(error, "CONFIG_FILE_INVALID")) throw new Error("expected CONFIG_FILE_INVALID");
    expect(error.message).toContain(`${join(folder, path)}:${line}:`);
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain("hunter22");
    expect(error.cause).toBeUndefined();
  });

  test("in another encoding is an error, and a byte order mark is none", async () => {
    await write("project/.env", Buffer.from("\u{feff}A=1"));
    expect((await load()).get("a")).toBe("1");
    await write("project/.env", Buffer.from("A=\u{e9}", "latin1"));
    await expect(load()).rejects.toThrow("is not UTF-8");
  });

  test("named .env that is a folder is not taken for one", async () => {
    await write("project/.env/bin/python", "");
    expect((await load({ A: "1" })).get("a")).toBe("1");
  });
});

function caught(action: () => unknown): LadingError {
  try {
    action();
  } catch (error) {
    if (LadingError.is(error)) return error;
  }
  throw new Error("expected an error of Lading");
}
