import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./project.mjs";

/** Imports a TypeScript module: with Node itself where it can, else (Node 20) with the loader that the CLI brings. */
export async function importTypeScript(path) {
  if (process.features.typescript) return import(pathToFileURL(path).href);
  const require = createRequire(join(root, "packages", "lading", "package.json"));
  const { createJiti } = await import(pathToFileURL(require.resolve("jiti")).href);
  return createJiti(import.meta.url, { fsCache: false }).import(path);
}
