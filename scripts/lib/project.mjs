import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the checkout, wherever the command was typed. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

/**
 * The packages of the workspace that are built, each after the ones it needs.
 * @returns {readonly { readonly name: string, readonly folder: string }[]}
 */
export function packages(folder = root) {
  const found = readdirSync(join(folder, "packages"))
    .map((name) => join(folder, "packages", name))
    .filter((path) => existsSync(join(path, "tsconfig.build.json")))
    .map((path) => ({ folder: path, manifest: readJson(join(path, "package.json")) }));
  const ordered = new Set();
  const add = (one, path) => {
    if (path.includes(one)) throw new Error(`The packages need each other in a circle: ${one.manifest.name}`);
    for (const other of found)
      if (other !== one && needs(one.manifest, other.manifest.name)) add(other, [...path, one]);
    ordered.add(one);
  };
  for (const one of found) add(one, []);
  return [...ordered].map(({ folder: path, manifest }) => ({ name: manifest.name, folder: path }));
}

const needs = (manifest, name) =>
  [manifest.dependencies, manifest.peerDependencies, manifest.devDependencies].some((list) => list && name in list);
