import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { readJson } from "./project.mjs";

// Node takes longer to find and link three hundred small modules than to read what stands in them. So what is imported
// together stands together. The groups are floors (see ARCHITECTURE.md), and a floor imports from below only: no two
// chunks can need each other. `sharedBy`: what fewer entries and late imports than that need stays with them.
const groups = [
  { name: "base", floors: ["util", "errors", "schema", "state", "config", "resource", "load-package"] },
  { name: "http", floors: ["http"] },
  { name: "core", floors: ["normalize", "destination", "extract", "load", "dataset", "pipeline"] },
  { name: "cli", floors: ["cli"], sharedBy: 2 },
];

/**
 * Writes a package's JavaScript: a file for each of its entries, where `package.json` says that it is, and what they
 * share in `chunks/`. Types are stripped, not checked. What the package depends on stays an import.
 * @param {{ readonly folder: string, readonly out: string }} where `out` is an empty folder
 */
export async function bundle({ folder, out }) {
  const { rolldown } = await importBundler();
  const manifest = readJson(join(folder, "package.json"));
  const work = await rolldown({
    cwd: folder,
    input: entriesOf(folder, manifest),
    external: [/^node:/, ...dependenciesOf(manifest)],
    platform: "node",
    tsconfig: false,
    transform: { target: "es2022" },
    onLog(level, { message }) {
      // What a bundler warns of (an import that it did not find) fails when it is run, and then at a user's.
      if (level === "warn") throw new Error(message);
    },
  });
  try {
    await work.write({
      dir: out,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name].js",
      // Names as they are in the sources, for whoever reads a stack trace.
      minifyInternalExports: false,
      sourcemap: true,
      // The sources are in the package.
      sourcemapExcludeSources: true,
      codeSplitting: {
        groups: groups.map(({ name, floors, sharedBy }) => ({
          name,
          test: inFloors(floors),
          minShareCount: sharedBy ?? 1,
        })),
      },
    });
  } finally {
    await work.close();
  }
}

/** Imported when it is needed, as it may have been installed just before. */
async function importBundler() {
  try {
    return await import("rolldown");
  } catch (cause) {
    throw new Failure("The bundler rolldown cannot be loaded.", "`npm ci` brings the one for this system.", cause);
  }
}

const inFloors = (floors) => new RegExp(String.raw`[\\/]src[\\/](?:${floors.join("|")})[\\/]`);

/** What a package may import; anything else that it imports is a mistake, and is not found. */
function dependenciesOf({ dependencies = {}, peerDependencies = {} }) {
  return Object.keys({ ...dependencies, ...peerDependencies }).map((name) => new RegExp(`^${name}(?:/|$)`));
}

/**
 * The modules that others import, by the path of what is built of them: those of `exports` that have a source, and what
 * the programs of `bin` import.
 * @returns {Record<string, string>}
 */
function entriesOf(folder, { exports = {}, bin = {} }) {
  const entries = {};
  for (const { source, default: built } of Object.values(exports)) {
    if (source === undefined) continue;
    for (const name of namesFor(folder, source)) {
      entries[built.replace("./dist/", "").replace(".js", "").replace("*", name)] = source.replace("*", name);
    }
  }
  for (const program of Object.values(bin)) {
    const text = readFileSync(join(folder, program), "utf8");
    for (const [, name] of text.matchAll(/"\.\.\/dist\/(.+)\.js"/g)) entries[name] = `./src/${name}.ts`;
  }
  return entries;
}

/** The folders that the `*` in a path stands for. */
function namesFor(folder, path) {
  if (!path.includes("*")) return [""];
  return readdirSync(join(folder, path.split("*", 1)[0]), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}
