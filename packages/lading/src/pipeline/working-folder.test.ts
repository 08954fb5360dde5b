import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { workingFolder } from "./working-folder.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "lading-folders-"));
  await mkdir(join(cwd, ".dlt"));
});
afterEach(() => rm(cwd, { recursive: true }));

test("work is done beside the settings, and data is in the project", () => {
  const folders = workingFolder({ pipeline: "shop", cwd, home: "/nowhere", env: {} });
  expect(folders).toEqual({
    local: cwd,
    base: join(cwd, ".lading"),
    folder: join(cwd, ".lading/shop"),
    profile: undefined,
  });
});

test("each profile of a workspace has its own folders, the data where dlt has it", async () => {
  await writeFile(join(cwd, ".dlt/.workspace"), "");
  expect(workingFolder({ pipeline: "shop", cwd, home: "/nowhere", env: { WORKSPACE__PROFILE: "prod" } })).toEqual({
    local: join(cwd, ".dlt/data/prod"),
    base: join(cwd, ".lading"),
    folder: join(cwd, ".lading/profile.prod/shop"),
    profile: "prod",
  });
  const elsewhere = workingFolder({ pipeline: "shop", cwd, home: "/nowhere", env: { LADING_HOME: "/w" } });
  expect(elsewhere.folder).toBe(join("/w/profile.dev/shop"));
});

test("DLT_LOCAL_DIR is where data is, with and without profiles", async () => {
  const env = { DLT_LOCAL_DIR: "data" };
  expect(workingFolder({ pipeline: "shop", cwd, home: "/nowhere", env }).local).toBe(join(cwd, "data"));
  await writeFile(join(cwd, ".dlt/.workspace"), "");
  expect(workingFolder({ pipeline: "shop", cwd, home: "/nowhere", env }).local).toBe(join(cwd, "data"));
});
