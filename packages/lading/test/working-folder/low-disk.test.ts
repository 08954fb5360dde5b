import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exitCodeOf } from "../../src/cli/exit-codes.ts";
import { createConfig } from "../../src/config/create-config.ts";
import { createDisk, type Disk } from "../../src/load-package/disk.ts";
import { page, resource, type Resource } from "../../src/resource/index.ts";
import { holdDatabase, type Holder } from "../bad-input/hold-database.ts";
import { place } from "../bad-input/place.ts";
import { rowsOf, rowsWhile } from "../bad-input/rows-of.ts";

const whole = [["50", "50"]];
const ids = "SELECT count(*), count(DISTINCT id) FROM d.t";

/** Five pages, and where to go on after each. */
function fivePages(seen: number[]): Resource {
  return resource("t", async function* ({ position }) {
    for (let n = typeof position === "number" ? position : 0; n < 5; n++) {
      seen.push(n);
      await Promise.resolve();
      yield page({ rows: Array.from({ length: 10 }, (_, i) => ({ id: n * 10 + i })), position: n + 1 });
    }
  });
}

/** A disk that says of itself what it is told to; the last number holds for the rest. */
function diskWith(...free: readonly (number | undefined)[]): { readonly disk: Disk; readonly asked: string[] } {
  const asked: string[] = [];
  const disk: Disk = {
    ...createDisk(),
    async freeBytes(folder) {
      await Promise.resolve();
      asked.push(folder);
      return free[Math.min(asked.length, free.length) - 1];
    },
  };
  return { disk, asked };
}

/** Each look at the clock is half a second later: a checkpoint after each page. */
function flyingClock(): () => number {
  let at = Date.UTC(2030, 0, 1);
  return () => (at += 500);
}

describe("a disk that is nearly full", () => {
  test("before anything was read: nothing is begun, and what is free and needed is said", async () => {
    await using p = await place();
    const seen: number[] = [];
    const { disk, asked } = diskWith(42_000_000);
    const error = await p.failure(fivePages(seen), { disk });
    expect(error).toMatchObject({ code: "DISK_LOW", transient: true, details: { free: 42_000_000, least: 1e8 } });
    expect(error.message).toBe(`Only 42 MB are free on the disk of ${join(p.home, "p")}; 100 MB must be.`);
    expect(error.hint).toContain("runtime.min_free_disk");
    expect(exitCodeOf(error, new AbortController().signal)).toBe(3);
    expect([seen, asked]).toEqual([[], [join(p.home, "p")]]);
    // What the run did and why it failed is all that is kept.
    expect((await readdir(join(p.home, "p"))).toSorted()).toEqual(["last-run.json", "lock"]);
    expect(await readdir(p.folder)).toEqual(["home"]);
  });

  test("at a checkpoint: what was read is kept, and the next run goes on behind it", async () => {
    await using p = await place();
    const seen: number[] = [];
    const { disk } = diskWith(1e9, 1e9, 99_999_999);
    expect(await p.failure(fivePages(seen), { disk, now: flyingClock() })).toMatchObject({ code: "DISK_LOW" });
    const before = seen.length;
    expect(before).toBeLessThan(5);
    expect(await readdir(join(p.home, "p", "draft"))).toContain("journal.jsonl");
    expect(await p.run(fivePages(seen))).toMatchObject({ kind: "unfinished" });
    // The page that had been asked for ahead is asked for once more.
    expect(seen.length).toBeLessThanOrEqual(6);
    expect(new Set(seen)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(await p.sql(ids)).toEqual(whole);
  });

  test("does not hold up a package that only waits to be loaded: that makes room", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: -1 }]));
    let holder: Holder | undefined;
    const source = rowsWhile([{ id: 1 }], async () => (holder = await holdDatabase(p.file)));
    expect(await p.failure(source)).toMatchObject({ code: "DESTINATION_LOCKED" });
    await holder!.release();
    const { disk, asked } = diskWith(0);
    expect(await p.run(source, { disk })).toMatchObject({
      kind: "unfinished",
      loads: [{ tables: { t: { rows: 1 } } }],
    });
    expect(asked).toEqual([]);
  });

  test.each([
    ["a limit of 0", { minFreeDisk: 0 }, 0],
    ["a system that does not tell", {}, undefined],
    ["a limit below what is free", { minFreeDisk: 1000 }, 1000],
  ])("goes for enough with %s", async (_what, options, free) => {
    await using p = await place();
    await p.run(fivePages([]), { disk: diskWith(free).disk, ...options });
    expect(await p.sql(ids)).toEqual(whole);
  });

  test("is one by the setting, where the option says nothing", async () => {
    await using p = await place();
    const config = createConfig({
      providers: [],
      pipelineName: "p",
      values: { runtime: { min_free_disk: "2_000_000_000" } },
    });
    const { disk } = diskWith(1e9);
    expect(await p.failure(fivePages([]), { disk, config })).toMatchObject({ code: "DISK_LOW" });
    await p.run(fivePages([]), { disk, config, minFreeDisk: 1e9 });
  });
});

test("the disk of this machine says what is free on it, and nothing of a folder that is not there", async () => {
  const disk = createDisk();
  expect(await disk.freeBytes(import.meta.dirname)).toBeGreaterThan(0);
  expect(await disk.freeBytes(join(import.meta.dirname, "nowhere"))).toBeUndefined();
});
