import { constants } from "node:fs";
import {
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  truncate,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import { dirname } from "node:path";
import { LadingError } from "../errors/index.ts";

/** A step before, in or after which the machine may stop: what a test of crashes walks through. */
export type DiskStep = "create" | "write" | "sync" | "rename" | "sync-folder" | "truncate" | "remove";

/**
 * Everything durable that Lading does on a local disk goes through here, so that there is one place for errors of the
 * disk, and one for tests that stop after any step.
 */
export interface Disk {
  /** Makes a folder and those above it, for this user only; durable when it returns. */
  makeFolder(path: string): Promise<void>;
  /** Opens a file for appending; made where it is missing, readable by this user only. */
  append(path: string): Promise<AppendFile>;
  /** Writes a whole file so that either all of it is there, or what was there before. */
  replaceFile(path: string, text: string): Promise<void>;
  /** As {@link replaceFile}, but for what may be lost with the machine's power, such as a lock. */
  putFile(path: string, text: string): Promise<void>;
  /** Renames, and makes the new name durable. */
  rename(from: string, to: string): Promise<void>;
  /** Cuts a file to a length. */
  cut(path: string, length: number): Promise<void>;
  remove(path: string): Promise<void>;
  syncFile(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  /** The text of a file, or `undefined` where there is none. */
  readText(path: string): Promise<string | undefined>;
  /** The length of a file in bytes, or `undefined` where there is none. */
  lengthOf(path: string): Promise<number | undefined>;
  /** Bytes that this user may still write where a folder lies; `undefined` where the system does not tell. */
  freeBytes(folder: string): Promise<number | undefined>;
}

/** An open file that only grows. */
export interface AppendFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns when what was written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Does a durable step. A test that wraps it can leave it out, do it and say that it failed, or never come back: a full
 * disk, a failed fsync, a machine that stops.
 *
 * @param path of the file or folder; for `rename` the new name
 * @param action does it, and must be called at most once
 */
export type DoStep = (step: DiskStep, path: string, action: () => Promise<void>) => Promise<void>;

export interface DiskOptions {
  /** Wraps each durable step. Default: it is just done. */
  readonly doStep?: DoStep;
}

/** The disk of this machine. Throws `DISK_FULL` and `WORKING_FOLDER`. */
export function createDisk({ doStep = (_step, _path, action) => action() }: DiskOptions = {}): Disk {
  async function syncFile(path: string): Promise<void> {
    await doStep("sync", path, async () => {
      const handle = await open(path, "r+");
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  async function syncFolder(path: string): Promise<void> {
    // Windows cannot open folders; there the rename alone is durable enough.
    if (process.platform === "win32") return;
    await doStep("sync-folder", path, async () => {
      const handle = await open(path, constants.O_RDONLY);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  const disk: Disk = {
    makeFolder: (path) =>
      guard(path, async () => {
        const first = await mkdir(path, { recursive: true, mode: 0o700 });
        if (first === undefined) return;
        for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
      }),
    append: (path) =>
      guard(path, async () => {
        let handle: FileHandle | undefined;
        await doStep("create", path, async () => {
          handle = await open(path, "a", 0o600);
        });
        return appendFile(handle!, path, doStep);
      }),
    replaceFile: (path, text) =>
      guard(path, async () => {
        const draft = `${path}.new`;
        await doStep("write", draft, () => writeFile(draft, text, { mode: 0o600 }));
        await syncFile(draft);
        await doStep("rename", path, () => rename(draft, path));
        await syncFolder(dirname(path));
      }),
    putFile: (path, text) =>
      guard(path, async () => {
        const draft = `${path}.new`;
        await doStep("write", draft, () => writeFile(draft, text, { mode: 0o600 }));
        await doStep("rename", path, () => rename(draft, path));
      }),
    rename: (from, to) =>
      guard(to, async () => {
        await doStep("rename", to, () => rename(from, to));
        await syncFolder(dirname(to));
        if (dirname(from) !== dirname(to)) await syncFolder(dirname(from));
      }),
    cut: (path, length) =>
      guard(path, async () => {
        await doStep("truncate", path, () => truncate(path, length));
      }),
    remove: (path) =>
      guard(path, async () => {
        await doStep("remove", path, () => rm(path, { recursive: true, force: true }));
      }),
    syncFile: (path) => guard(path, () => syncFile(path)),
    syncFolder: (path) => guard(path, () => syncFolder(path)),
    readText: (path) =>
      guard(path, async () => {
        try {
          return await readFile(path, "utf8");
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }),
    lengthOf: (path) =>
      guard(path, async () => {
        try {
          return (await stat(path)).size;
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }),
    async freeBytes(folder) {
      // Some file systems over a network do not know, and some say that they have no blocks at all.
      const known = await statfs(folder).catch(() => undefined);
      return known === undefined || known.blocks === 0 ? undefined : known.bavail * known.bsize;
    },
  };
  return disk;
}

function appendFile(handle: FileHandle, path: string, doStep: DoStep): AppendFile {
  return {
    write: (bytes) =>
      guard(path, () =>
        doStep("write", path, async () => {
          for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
        }),
      ),
    sync: () => guard(path, () => doStep("sync", path, () => handle.datasync())),
    close: () => guard(path, () => handle.close()),
  };
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
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
