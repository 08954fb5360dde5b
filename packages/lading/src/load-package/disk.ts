import { constants } from "node:fs";
import { mkdir, open, readFile, rename, rm, truncate, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { LadingError } from "../errors/index.ts";

/** A step after which the machine may stop: what a test of crashes walks through. */
export type DiskStep = "write" | "sync" | "rename" | "sync-folder" | "truncate" | "remove";

/**
 * Everything durable that Lading does on a local disk goes through here, so that there is one place for errors of the
 * disk, and one for tests that stop after any step.
 */
export interface Disk {
  /** Makes a folder and those above it, for this user only. */
  makeFolder(path: string): Promise<void>;
  /** Opens a file for appending; made where it is missing, readable by this user only. */
  append(path: string): Promise<AppendFile>;
  /** Writes a whole file so that either all of it is there, or what was there before. */
  replaceFile(path: string, text: string): Promise<void>;
  /** Renames, and makes the new name durable. */
  rename(from: string, to: string): Promise<void>;
  /** Cuts a file to a length. */
  cut(path: string, length: number): Promise<void>;
  remove(path: string): Promise<void>;
  syncFile(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** The text of a file, or `undefined` where there is none. */
  readText(path: string): Promise<string | undefined>;
}

/** An open file that only grows. */
export interface AppendFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns when what was written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface DiskOptions {
  /** Told after each durable step; what it throws stops the run there, as a crash would. */
  readonly onStep?: (step: DiskStep, path: string) => void | Promise<void>;
}

export function createDisk(options: DiskOptions = {}): Disk {
  const step = async (name: DiskStep, path: string): Promise<void> => options.onStep?.(name, path);

  async function syncFolder(path: string): Promise<void> {
    // Windows cannot open folders; there the rename alone is durable enough.
    if (process.platform === "win32") return;
    const handle = await open(path, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await step("sync-folder", path);
  }

  const disk: Disk = {
    makeFolder: (path) => guard(path, async () => void (await mkdir(path, { recursive: true, mode: 0o700 }))),
    append: (path) =>
      guard(path, async () => {
        const handle = await open(path, "a", 0o600);
        return appendFile(handle, path, step);
      }),
    replaceFile: (path, text) =>
      guard(path, async () => {
        const draft = `${path}.new`;
        const handle = await open(draft, "w", 0o600);
        try {
          await handle.writeFile(text);
          await step("write", draft);
          await handle.sync();
          await step("sync", draft);
        } finally {
          await handle.close();
        }
        await rename(draft, path);
        await step("rename", path);
        await syncFolder(dirname(path));
      }),
    rename: (from, to) =>
      guard(to, async () => {
        await rename(from, to);
        await step("rename", to);
        await syncFolder(dirname(to));
        if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
      }),
    cut: (path, length) =>
      guard(path, async () => {
        await truncate(path, length);
        await step("truncate", path);
      }),
    remove: (path) =>
      guard(path, async () => {
        await rm(path, { recursive: true, force: true });
        await step("remove", path);
      }),
    syncFile: (path) =>
      guard(path, async () => {
        const handle = await open(path, "r+");
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
        await step("sync", path);
      }),
    syncFolder: (path) => guard(path, () => syncFolder(path)),
    readText: (path) =>
      guard(path, async () => {
        try {
          return await readFile(path, "utf8");
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
          throw error;
        }
      }),
  };
  return disk;
}

function appendFile(
  handle: FileHandle,
  path: string,
  step: (name: DiskStep, path: string) => Promise<void>,
): AppendFile {
  return {
    write: (bytes) =>
      guard(path, async () => {
        for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
        await step("write", path);
      }),
    sync: () =>
      guard(path, async () => {
        await handle.datasync();
        await step("sync", path);
      }),
    close: () => guard(path, () => handle.close()),
  };
}

/** Errors of the disk as the catalog has them. */
async function guard<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOSPC" || code === "EDQUOT") {
      throw new LadingError("DISK_FULL", `There is no space left to write ${path}.`, { cause, details: { path } });
    }
    if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR") {
      throw new LadingError("WORKING_FOLDER", `${path} cannot be written (${code}).`, {
        cause,
        details: { path, code },
      });
    }
    throw cause;
  }
}
