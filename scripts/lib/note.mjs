import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const fileOf = (root, name) => join(root, "node_modules", ".cache", "lading", name);

/** @returns {string | undefined} what was noted under a name; it goes when `node_modules` goes */
export function readNote(root, name) {
  return existsSync(fileOf(root, name)) ? readFileSync(fileOf(root, name), "utf8") : undefined;
}

/** Notes what was done, so that it is not done again. Where nothing can be written, it is done again. */
export function writeNote(root, name, text) {
  try {
    mkdirSync(dirname(fileOf(root, name)), { recursive: true });
    writeFileSync(fileOf(root, name), text);
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
  }
}
