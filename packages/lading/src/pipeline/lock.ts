import { readFileSync } from "node:fs";
import { readdir, readFile, stat, utimes } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { LadingError } from "../errors/index.ts";
import type { Disk } from "../load-package/disk.ts";

/** Who holds a pipeline. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began, where the system tells: a number that is used again is not the same process. */
  readonly processStart: string | undefined;
  readonly epoch: string;
  readonly since: string;
}

/** A pipeline held by this run. */
export interface PipelineLock {
  /** Throws `PIPELINE_LOCKED` where someone took the lock while this process slept. */
  verify(): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly folder: string;
  readonly disk: Disk;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A text that no other run draws. */
  readonly epoch: string;
}

const heartbeat = 10_000;
/** A lock of another machine that has not been touched for so long is taken over. */
const lease = 120_000;
/** A file that was not renamed for so long is left from a crash in between. */
const forgotten = 24 * 3600_000;
/** How often, and how many milliseconds apart, it is looked whether a process that came at the same instant gives way. */
const looks = 100;
const lookEvery = 10;
/** How often it is tried to remove a file of one's own. */
const removals = 3;

/**
 * Takes the lock of a pipeline. Throws `PIPELINE_LOCKED`, which says who holds it.
 *
 * Each run that wants the lock puts a file of its own into `lock/`, and looks at the others only then: of two that come
 * at the same instant at least one sees the other. Nobody writes or removes a file under a name that another run could
 * have, so that a lock which is taken over can never be mixed up with one that is new.
 */
export async function lockPipeline(options: LockOptions): Promise<PipelineLock> {
  const { disk, now, epoch } = options;
  const folder = join(options.folder, "lock");
  const path = join(folder, `${epoch}.json`);
  const heldPath = join(folder, `${epoch}.held`);
  const own: Holder = {
    host: hostname(),
    pid: process.pid,
    processStart: processStart(process.pid),
    epoch,
    since: new Date(now()).toISOString(),
  };
  const release = async (): Promise<void> => {
    await removeSurely(disk, heldPath);
    await removeSurely(disk, path);
  };
  const verify = async (): Promise<void> => {
    if ((await disk.lengthOf(path)) !== undefined) return;
    throw lockedBy((await holders(options, folder)).find((one) => one.epoch !== epoch) ?? own);
  };

  await disk.makeFolder(folder);
  try {
    await disk.putFile(path, `${JSON.stringify(own, null, 2)}\n`);
    for (let look = 1; ; look++) {
      const others = (await holders(options, folder)).filter((one) => one.epoch !== epoch);
      const first = others.find((one) => one.isHeld || one.epoch < epoch) ?? (look > looks ? others[0] : undefined);
      if (first !== undefined) throw lockedBy(first);
      if (others.length === 0) break;
      // They came at the same instant: they see this one and give way, or they were a little earlier.
      await wait(lookEvery);
    }
    await disk.putFile(heldPath, "");
    // It may have slept so long in between that another run thought it dead.
    await verify();
  } catch (error) {
    await release();
    throw error;
  }

  const timer = setInterval(() => {
    const at = new Date(now());
    utimes(path, at, at).catch(() => {
      // Gone: verify() says so before anything is committed.
    });
  }, heartbeat);
  timer.unref();
  return {
    verify,
    async release() {
      clearInterval(timer);
      await release();
    },
  };
}

/** Those who hold the lock or want it, and live. What the dead have left is removed. */
async function holders(
  { disk, now }: LockOptions,
  folder: string,
): Promise<readonly (Holder & { readonly isHeld: boolean })[]> {
  const names = await readdir(folder);
  const living: (Holder & { readonly isHeld: boolean })[] = [];
  for (const name of names.filter((one) => one.endsWith(".new"))) {
    const path = join(folder, name);
    if (await isOlder(path, now() - forgotten)) await disk.remove(path);
  }
  for (const name of names.filter((one) => one.endsWith(".json"))) {
    const path = join(folder, name);
    const heldPath = path.replace(/json$/, "held");
    const holder = await read(path);
    if (holder !== undefined && (await isAlive(holder, path, now()))) {
      // Looked at after the file itself, and removed before it.
      living.push({ ...holder, isHeld: (await disk.lengthOf(heldPath)) !== undefined });
      continue;
    }
    await disk.remove(heldPath);
    await disk.remove(path);
  }
  return living;
}

/**
 * Who runs a pipeline now, as far as can be told without touching anything.
 * @param folder of the pipeline
 * @param now milliseconds since 1970
 */
export async function currentHolder(folder: string, now: number): Promise<Holder | undefined> {
  const names = await readdir(join(folder, "lock")).catch(() => []);
  for (const name of names.filter((one) => one.endsWith(".held"))) {
    const path = join(folder, "lock", name.replace(/held$/, "json"));
    const holder = await read(path);
    if (holder !== undefined && (await isAlive(holder, path, now))) return holder;
  }
  return undefined;
}

/** What is left of a lock keeps others out for as long as this process lives, and systems refuse to remove a file now and then. */
async function removeSurely(disk: Disk, path: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await disk.remove(path);
    } catch (error) {
      if (tries === removals) throw error;
      await wait(lookEvery);
    }
  }
}

async function isOlder(path: string, than: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.mtimeMs < than;
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    // Gone, or lost with the machine's power: it is put there whole.
    return undefined;
  }
}

async function isAlive(holder: Holder, path: string, now: number): Promise<boolean> {
  if (holder.host !== hostname()) {
    const touched = await stat(path).catch(() => undefined);
    return touched !== undefined && now - touched.mtimeMs < lease;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return holder.processStart === undefined || processStart(holder.pid) === holder.processStart;
}

/** Field 22 of /proc/PID/stat: clock ticks since the machine began. */
function processStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function lockedBy(holder: Holder): LadingError {
  return new LadingError(
    "PIPELINE_LOCKED",
    `The process ${holder.pid} on ${holder.host} has been running this pipeline since ${holder.since}.`,
    { details: { pid: holder.pid, host: holder.host, since: holder.since } },
  );
}
