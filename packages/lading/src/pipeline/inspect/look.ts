import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LadingError } from "../../errors/index.ts";

/** The names in a folder, sorted; `undefined` where there is none. Throws `WORKING_FOLDER`, as all here. */
export async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  return orAbsent(folder, async () => (await readdir(folder)).toSorted());
}

/** The text of a file; `undefined` where there is none. */
export async function textOf(path: string): Promise<string | undefined> {
  return orAbsent(path, () => readFile(path, "utf8"));
}

/** The length of a file in bytes; `undefined` where there is none. */
export async function lengthOf(path: string): Promise<number | undefined> {
  return orAbsent(path, async () => (await stat(path)).size);
}

/** Bytes in all files below a folder, as far as they are still there when it comes to them. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = (await orAbsent(folder, () => readdir(folder, { withFileTypes: true }))) ?? [];
  let sum = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += await bytesIn(path);
    else if (entry.isFile()) sum += (await lengthOf(path)) ?? 0;
  }
  return sum;
}

async function orAbsent<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new LadingError("WORKING_FOLDER", `${path} cannot be read (${code}).`, { cause, details: { path, code } });
  }
}
