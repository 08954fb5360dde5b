import { cpSync, mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./project.mjs";

/**
 * Copies what was built, so that a build in the middle of hundreds of runs changes nothing. The copy is below
 * `node_modules`, from where its own imports are found.
 * @returns {string} the folder of the copy; whoever asked for it removes it
 */
export function copyBuild() {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "lading-chaos-"));
  for (const name of ["lading", "connectors"]) {
    const from = join(root, "packages", name);
    cpSync(join(from, "dist"), join(folder, name), { recursive: true });
    cpSync(join(from, "package.json"), join(folder, name, "package.json"));
  }
  return folder;
}

/** Imports a module of a copy, with what the package does not show to others. */
export function importBuilt(build, path) {
  return import(pathToFileURL(join(build, path)).href);
}
