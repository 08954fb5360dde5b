import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDisk } from "../load-package/disk.ts";
import { currentHolder, lockPipeline, type PipelineLock } from "./lock.ts";

let folder: string;
let count = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const lock = (epoch = `e${String(count++).padStart(4, "0")}`): Promise<PipelineLock> =>
  lockPipeline({ folder, disk: createDisk(), now: Date.now, epoch });

/** Changes who the one file of a lock says its holder is. */
async function holderIs(changes: object, touched = new Date()): Promise<void> {
  const name = (await readdir(join(folder, "lock"))).find((one) => one.endsWith(".json"));
  const path = join(folder, "lock", name!);
  await writeFile(path, JSON.stringify({ ...(JSON.parse(await readFile(path, "utf8")) as object), ...changes }));
  await utimes(path, touched, touched);
}

test("a second run is refused, and told who holds the pipeline", async () => {
  const first = await lock();
  await expect(lock()).rejects.toMatchObject({
    code: "PIPELINE_LOCKED",
    details: { pid: process.pid, host: hostname() },
  });
  await first.verify();
  await first.release();
  await (await lock()).release();
  expect(await readdir(join(folder, "lock"))).toEqual([]);
});

test.each([".held", ".json"])(
  "a system that once refuses to remove %s does not keep this process out",
  async (name) => {
    let refused = 0;
    const disk = createDisk({
      doStep(step, path, action) {
        if (step !== "remove" || !path.endsWith(name) || refused++ > 0) return action();
        return Promise.reject(Object.assign(new Error("busy"), { code: "EBUSY" }));
      },
    });
    await (await lockPipeline({ folder, disk, now: Date.now, epoch: "a" })).release();
    expect(refused).toBe(2);
    await (await lock()).release();
    expect(await readdir(join(folder, "lock"))).toEqual([]);
  },
);

test("of many runs that come at the same instant exactly one gets the pipeline", async () => {
  for (let round = 0; round < 10; round++) {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lock()));
    const held = tries.filter((one) => one.status === "fulfilled");
    expect(held).toHaveLength(1);
    await held[0]!.value.release();
  }
});

test("the lock of a process that is gone is taken over, by exactly one of many", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  await lock();
  await holderIs({ pid });
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lock()));
  expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
});

test("a number that another process got meanwhile is not the same process", async () => {
  await lock();
  await holderIs({ processStart: "1" });
  await expect((await lock()).verify()).resolves.toBeUndefined();
});

test("a lock of another machine holds as long as it is touched, and its holder then knows that it lost it", async () => {
  const first = await lock();
  await holderIs({ host: "elsewhere" });
  await expect(lock()).rejects.toMatchObject({ code: "PIPELINE_LOCKED", details: { host: "elsewhere" } });
  await holderIs({ host: "elsewhere" }, new Date(Date.now() - 121_000));
  const second = await lock();
  await expect(first.verify()).rejects.toMatchObject({ code: "PIPELINE_LOCKED" });
  // It must not take the new lock away with it.
  await first.release();
  await second.verify();
});

test("a lock file that lost its text with the machine's power holds nobody up", async () => {
  await lock();
  const name = (await readdir(join(folder, "lock"))).find((one) => one.endsWith(".json"));
  await writeFile(join(folder, "lock", name!), "");
  await expect((await lock()).verify()).resolves.toBeUndefined();
});

test("what a crash left in the middle of taking the lock goes after a day, and what is new stays", async () => {
  await (await lock()).release();
  for (const [name, hours] of [
    ["old.json.new", 25],
    ["new.json.new", 1],
  ] as const) {
    const path = join(folder, "lock", name);
    await writeFile(path, "{");
    const at = new Date(Date.now() - hours * 3600_000);
    await utimes(path, at, at);
  }
  await (await lock()).release();
  expect(await readdir(join(folder, "lock"))).toEqual(["new.json.new"]);
});

test("who holds it can be seen without touching anything", async () => {
  expect(await currentHolder(folder, Date.now())).toBeUndefined();
  const held = await lock();
  expect(await currentHolder(folder, Date.now())).toMatchObject({ pid: process.pid, host: hostname() });
  await holderIs({ pid: spawnSync(process.execPath, ["-e", ""]).pid });
  const before = await readdir(join(folder, "lock"));
  expect(await currentHolder(folder, Date.now())).toBeUndefined();
  expect(await readdir(join(folder, "lock"))).toEqual(before);
  await held.release();
});
