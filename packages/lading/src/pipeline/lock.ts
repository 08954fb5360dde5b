import { readFileSync } from "node:fs";
import { open, readFile, rename, rm, utimes, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { LadingError } from "../errors/index.ts";
import type { Disk } from "../load-package/disk.ts";

/** Who holds a pipeline. */
interface Holder {
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

/** Takes the lock of a pipeline. Throws `PIPELINE_LOCKED`, which says who holds it. */
export async function lockPipeline(options: LockOptions): Promise<PipelineLock> {
  const { folder, disk, now, epoch } = options;
  await disk.makeFolder(folder);
  const path = join(folder, "lock.json");
  const own: Holder = {
    host: hostname(),
    pid: process.pid,
    processStart: processStart(process.pid),
    epoch,
    since: new Date(now()).toISOString(),
  };
  for (let attempt = 0; ; attempt++) {
    if (await create(path, own)) break;
    const holder = await read(path);
    if (holder !== undefined && (await isAlive(holder, path, now()))) throw lockedBy(holder);
    if (attempt === 5) throw lockedBy(holder ?? own);
    // Whoever renames it first may take it away; the others find it gone.
    const stale = `${path}.${epoch}.stale`;
    try {
      await rename(path, stale);
      await rm(stale, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  const timer = setInterval(() => {
    const at = new Date(now());
    utimes(path, at, at).catch(() => {
      // Gone: verify() says so before anything is committed.
    });
  }, heartbeat);
  timer.unref();
  return {
    async verify() {
      const holder = await read(path);
      if (holder?.epoch !== epoch) throw lockedBy(holder ?? own);
    },
    async release() {
      clearInterval(timer);
      const holder = await read(path);
      if (holder?.epoch === epoch) await rm(path, { force: true });
    },
  };
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(path, "wx", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(holder, null, 2)}\n`);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return false;
    throw new LadingError("WORKING_FOLDER", `${path} cannot be written (${code ?? "unknown"}).`, { cause: error });
  }
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Holder;
  } catch {
    // Gone, or written halfway by a process that is no more.
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
