import { open, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { LadingError, type ErrorCode } from "../../errors/index.ts";

/**
 * Looks at a path before DuckDB does: it would fetch an extension for a file of another engine, make an empty database
 * of what is left of one, and says less of a path that leads nowhere.
 *
 * A missing file is right, a missing folder is not: a slip in a path must not put a database where nobody looks for it
 * (dlt makes no folder either). An empty file is refused too: it is what a failed copy leaves.
 *
 * @returns the path without links, by which a file that is open in this process already is known
 * @throws LadingError DESTINATION_PATH, DESTINATION_CORRUPT, DESTINATION_READ_ONLY
 */
export async function checkFile(path: string): Promise<string> {
  const found = await look(path, () => stat(path));
  if (found === undefined) {
    const folder = dirname(path);
    const parent = await look(path, () => stat(folder));
    if (parent === undefined) {
      throw refusal(
        "DESTINATION_PATH",
        path,
        `cannot be made: there is no folder ${folder}`,
        `Make it (mkdir -p), or correct the path.`,
      );
    }
    return join(await realpath(folder), basename(path));
  }
  if (found.isDirectory()) {
    throw refusal("DESTINATION_PATH", path, "is a folder", "Name a file in it.");
  }
  if (!found.isFile()) throw refusal("DESTINATION_PATH", path, "is no ordinary file");
  if (found.size === 0) {
    throw refusal(
      "DESTINATION_CORRUPT",
      path,
      "is an empty file, and no database",
      "Delete it where nothing was ever in it; else restore it from a copy.",
    );
  }
  await checkMagic(path);
  return realpath(path);
}

/** Bytes 8 to 11 of every DuckDB file. */
const magic = "DUCK";

async function checkMagic(path: string): Promise<void> {
  const beginning = await look(path, async () => {
    const handle = await open(path, "r");
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(16), 0, 16, 0);
      return buffer.subarray(0, bytesRead).toString("latin1");
    } finally {
      await handle.close();
    }
  });
  if (beginning === undefined || beginning.slice(8, 12) === magic) return;
  const what = beginning.startsWith("SQLite format 3") ? "is a SQLite database" : "is no DuckDB database";
  throw refusal("DESTINATION_CORRUPT", path, what);
}

/** @returns `undefined` where there is nothing */
async function look<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT") return undefined;
    const options = { cause, details: { path } };
    if (code === "EACCES" || code === "EPERM") {
      throw new LadingError("DESTINATION_READ_ONLY", `The database ${path} may not be opened (${code}).`, options);
    }
    throw new LadingError(
      "DESTINATION_PATH",
      `The database ${path} cannot be reached (${code ?? "unknown"}).`,
      options,
    );
  }
}

function refusal(code: ErrorCode, path: string, says: string, hint?: string): LadingError {
  return new LadingError(code, `The database ${path} ${says}.`, {
    ...(hint === undefined ? {} : { hint: `${hint} What was read is kept.` }),
    details: { path },
  });
}
