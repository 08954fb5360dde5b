import { readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { createDisk, type AppendFile, type Disk, type DiskStep } from "../../load-package/disk.ts";
import type { FaultPoints } from "./fault-points.ts";

/** A disk of which each durable step is a fault point. */
export interface FaultyDisk {
  readonly disk: Disk;
  /** Closes the files that a stopped run left open. */
  close(): Promise<void>;
  /**
   * Takes back what was not synced, as a loss of power may: files are cut to the length of their last sync, and names
   * that were made or changed in a folder since its last sync are as before.
   */
  loseUnsynced(): Promise<void>;
}

/** A name in a folder that was changed and is not durable yet. */
interface Unsynced {
  readonly path: string;
  /** What it was called before; `undefined`: it was not there. */
  readonly from?: string;
  /** The text of the file that a rename took the place of. */
  readonly old?: string;
}

/** @param root for the names of the points: paths are shown below it */
export function faultyDisk(points: FaultPoints, root: string): FaultyDisk {
  const open = new Set<AppendFile>();
  const lengths = new Map<string, number>();
  const renames = new Map<string, string>();
  let unsynced: readonly Unsynced[] = [];

  async function doStep(step: DiskStep, path: string, action: () => Promise<void>): Promise<void> {
    const before = await lengthOf(path);
    const old = step === "rename" ? await textOf(path) : undefined;
    await points.pass({
      name: `${step} ${shown(path)}`,
      action,
      ...(step === "write" ? { half: () => half(path, before ?? 0, action) } : {}),
    });
    switch (step) {
      case "create":
        if (before === undefined) note({ path });
        lengths.set(path, before ?? 0);
        return;
      case "write":
        // A file that is replaced is made anew, under a name that does not count before it is renamed.
        if (!lengths.has(path)) lengths.set(path, 0);
        return;
      case "sync":
        lengths.set(path, (await lengthOf(path)) ?? 0);
        return;
      case "sync-folder":
        unsynced = unsynced.filter((one) => dirname(one.path) !== path);
        return;
      case "rename":
        moved(renames.get(path) ?? `${path}.new`, path, old);
        return;
      case "truncate":
        lengths.set(path, Math.min(lengths.get(path) ?? Number.POSITIVE_INFINITY, (await lengthOf(path)) ?? 0));
        return;
      case "remove":
        for (const known of lengths.keys()) if (isWithin(known, path)) lengths.delete(known);
    }
  }

  function note(one: Unsynced): void {
    unsynced = [...unsynced, one];
  }

  function moved(from: string, to: string, old: string | undefined): void {
    for (const [known, length] of lengths) {
      if (!isWithin(known, from)) continue;
      lengths.delete(known);
      lengths.set(join(to, relative(from, known)), length);
    }
    unsynced = unsynced.map((one) =>
      isWithin(one.path, from) ? { ...one, path: join(to, relative(from, one.path)) } : one,
    );
    note({ path: to, from, ...(old === undefined ? {} : { old }) });
  }

  const real = createDisk({ doStep });
  return {
    disk: {
      ...real,
      async makeFolder(path) {
        for (let one = path; (await lengthOf(one)) === undefined; one = dirname(one)) note({ path: one });
        await real.makeFolder(path);
      },
      async rename(from, to) {
        renames.set(to, from);
        await real.rename(from, to);
      },
      async append(path) {
        const file = await real.append(path);
        open.add(file);
        return {
          ...file,
          async close() {
            open.delete(file);
            await file.close();
          },
        };
      },
    },
    async close() {
      for (const file of open) await file.close();
      open.clear();
    },
    async loseUnsynced() {
      for (const [path, length] of lengths) {
        const now = await lengthOf(path);
        if (now !== undefined && now > length) await truncate(path, length);
      }
      for (const { path, from, old } of unsynced.toReversed()) {
        if (from === undefined) await rm(path, { recursive: true, force: true });
        else if ((await lengthOf(path)) !== undefined) await rename(path, from);
        if (old !== undefined) await writeFile(path, old);
      }
      unsynced = [];
    },
  };

  function shown(path: string): string {
    return path === root ? "." : relative(root, path).replaceAll(/\d{10}\.\d+/g, "<load id>");
  }
}

async function half(path: string, before: number, action: () => Promise<void>): Promise<void> {
  await action();
  const after = (await lengthOf(path)) ?? 0;
  // A file that is written whole begins at nothing, whatever was there before.
  const start = basename(path).endsWith(".new") ? 0 : before;
  await truncate(path, start + Math.floor((after - start) / 2));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

async function lengthOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
