import { appendFile, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { contentDifference, type ContentDifference, type DatasetContent } from "../../src/testing/index.ts";
import { arena, type Arena } from "./arena.ts";
import { shop, type Asked } from "./shop.ts";

let place: Arena;
let expected: DatasetContent;
/** The fault points of an undisturbed run. */
let names: readonly string[];

beforeAll(async () => {
  await using undisturbed = await arena();
  ({ names } = (await undisturbed.run(shop(1))).points);
  expected = await undisturbed.content();
});
beforeEach(async () => {
  place = await arena();
});
afterEach(() => place[Symbol.asyncDispose]());

/** Runs up to the first point with such a name, and no further. */
async function stopAt(pattern: RegExp, losesUnsynced = false): Promise<void> {
  const at = names.findIndex((name) => pattern.test(name)) + 1;
  expect(at).toBeGreaterThan(0);
  await place.run(shop(1), { fault: { at, kind: "stop" }, losesUnsynced });
}

const same: ContentDifference = { lost: [], doubled: [], other: [] };

/** Runs until all is done. @returns how the dataset differs from an undisturbed one */
async function finished(): Promise<ContentDifference> {
  await place.finish(() => shop(1), 1);
  return contentDifference(expected, await place.content());
}

const draft = (...path: readonly string[]): string => join(place.work, "draft", ...path);

async function rowFile(): Promise<string> {
  const folder = draft("rows", "items");
  return join(folder, (await readdir(folder)).toSorted()[0]!);
}

async function sealedFolder(): Promise<string> {
  return join(place.work, "packages", (await readdir(join(place.work, "packages")))[0]!);
}

describe("a draft", () => {
  test("whose journal ends in a torn line goes on before it", async () => {
    await stopAt(/write draft\/schema\.json/);
    const text = await readFile(draft("journal.jsonl"), "utf8");
    await truncate(draft("journal.jsonl"), text.length - 20);
    await appendFile(draft("journal.jsonl"), "\u0000\u0000\u0000");
    expect(await finished()).toEqual(same);
  });

  test("without its journal is read anew", async () => {
    await stopAt(/write draft\/schema\.json/);
    await rm(draft("journal.jsonl"));
    expect(await finished()).toEqual(same);
  });

  test.each([
    ["with an empty row file", async () => truncate(await rowFile(), 0)],
    ["without a row file", async () => rm(await rowFile())],
    ["with garbage for a header", async () => writeFile(draft("draft.json"), "{ not")],
    ["with an empty header", async () => truncate(draft("draft.json"), 0)],
  ])("%s is dropped, and says so", async (_what, damage) => {
    await stopAt(/write draft\/schema\.json/);
    await damage();
    const { outcome } = await place.run(shop(1));
    expect(outcome).toMatchObject({ type: "done", result: { kind: "new" } });
    expect(outcome.type === "done" && outcome.result.warnings.join()).toMatch(/damaged/);
    expect(await finished()).toEqual(same);
  });

  test("that has no header yet counts for nothing", async () => {
    await mkdir(draft(), { recursive: true });
    expect(await finished()).toEqual(same);
  });

  test("outlasts the loss of power: pages that were checkpointed are not asked for again", async () => {
    await stopAt(/write draft\/schema\.json/, true);
    const asked: Asked = { pages: [] };
    const { outcome } = await place.run(shop(1, asked));
    expect(outcome).toMatchObject({ type: "done", result: { kind: "unfinished" } });
    expect(asked.pages).toEqual([]);
    expect(await finished()).toEqual(same);
  });
});

describe("a sealed package", () => {
  test("with a damaged row file is an error that names its folder, and nothing of it is loaded", async () => {
    await stopAt(/destination begin/);
    const [file] = await readdir(join(await sealedFolder(), "rows", "items"));
    await truncate(join(await sealedFolder(), "rows", "items", file!), 3);
    const { outcome } = await place.run(shop(1));
    expect(outcome).toMatchObject({
      type: "failed",
      error: { code: "PACKAGE_CORRUPT", details: { folder: await sealedFolder() } },
    });
    expect((await place.content()).loads).toBe(0);
  });

  test("with a manifest that cannot be read is an error that names its folder", async () => {
    await stopAt(/destination begin/);
    await writeFile(join(await sealedFolder(), "manifest.json"), "{");
    const { outcome } = await place.run(shop(1));
    expect(outcome).toMatchObject({
      type: "failed",
      error: { code: "PACKAGE_CORRUPT", details: { folder: await sealedFolder() } },
    });
  });

  test("is cut to what was sealed, where a run that slept wrote on", async () => {
    await stopAt(/destination begin/);
    const folder = join(await sealedFolder(), "rows", "items");
    for (const file of await readdir(folder)) await appendFile(join(folder, file), await readFile(join(folder, file)));
    expect(await finished()).toEqual(same);
  });

  test("that is loaded but not tidied up is only tidied up, though its row files are gone", async () => {
    await stopAt(/rename loaded/);
    const { outcome } = await place.run(shop(1));
    expect(outcome).toMatchObject({ type: "done", result: { kind: "unfinished" } });
    expect(await finished()).toEqual(same);
  });
});

test("a clock that jumps back makes no load id older", async () => {
  await place.run(shop(1), { options: { now: () => Date.UTC(2031, 0, 1) } });
  const [first] = await readdir(join(place.work, "loaded"));
  const { outcome } = await place.run(shop(2), { options: { now: () => Date.UTC(2001, 0, 1) } });
  expect(outcome.type).toBe("done");
  const [older, newer] = (await readdir(join(place.work, "loaded"))).toSorted();
  expect(older).toBe(first);
  expect(newer).toMatch(/^1924992000\.00/);
  expect((await place.content()).loads).toBe(2);
});

test("a failed sync is not tried again as if nothing had been", async () => {
  const at = names.findIndex((name) => name.startsWith("sync draft/rows")) + 1;
  const broken = await place.run(shop(1), { fault: { at, kind: "error" } });
  expect(broken.outcome.type).toBe("failed");
  expect(broken.points.names.slice(at).filter((name) => name.startsWith("write draft/journal"))).toEqual([]);
  expect(await finished()).toEqual(same);
});
