import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { LadingError } from "../errors/index.ts";

/** The absolute path of a file that was named as an argument. Throws `FILE_NOT_FOUND`. */
export async function inputFile(name: string, cwd: string): Promise<string> {
  const path = resolve(cwd, name);
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "is not there" : `cannot be read (${cause.code})`;
    throw new LadingError("FILE_NOT_FOUND", `${name} ${why}.`, { details: { path } });
  });
  if (found.isDirectory()) throw new LadingError("FILE_NOT_FOUND", `${name} is a folder.`, { details: { path } });
  return path;
}
