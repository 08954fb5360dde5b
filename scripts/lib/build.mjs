import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { bundle } from "./bundle.mjs";
import { Failure } from "./failure.mjs";
import { readNote, writeNote } from "./note.mjs";
import { packages, readJson } from "./project.mjs";
import { run } from "./run.mjs";

/**
 * Builds the packages whose sources changed since their last build.
 *
 * `"javascript"` is what Node runs, and needs no tool but the bundler; `"full"` has the compiler check the types and write
 * the declarations too, and passes for the other as well.
 * @param {string} root
 * @param {{ kind: "javascript" | "full", force?: boolean, signal: AbortSignal, say: (line: string) => void }} options
 */
export async function build(root, { kind, force = false, signal, say }) {
  const built = JSON.parse(readNote(root, "built.json") ?? "{}");
  let below = "";
  for (const { name, folder } of packages(root)) {
    // The declarations of a package come from those below it, so its stamp holds theirs.
    const stamp = stampOf(root, folder, below);
    below = stamp;
    const last = built[name];
    const fresh =
      last?.stamp === stamp && (last.kind === kind || last.kind === "full") && existsSync(join(folder, "dist"));
    if (fresh && !force) continue;
    const milliseconds = await compile(root, folder, { kind, signal });
    built[name] = { stamp, kind };
    writeNote(root, "built.json", JSON.stringify(built));
    say(`Built ${name} in ${(milliseconds / 1000).toFixed(1)} s.`);
  }
}

/** A hash of all that decides what is built; of contents, as times say nothing after a copy or a checkout. */
function stampOf(root, folder, below) {
  const hash = createHash("sha256").update(below);
  const settings = ["package.json", "tsconfig.build.json"].map((name) => join(folder, name));
  const programs = Object.values(readJson(join(folder, "package.json")).bin ?? {}).map((path) => join(folder, path));
  const sources = readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted();
  const bundler = join(import.meta.dirname, "bundle.mjs");
  const shared = [join(root, "tsconfig.json"), join(root, "package-lock.json"), bundler];
  for (const file of [...shared, ...settings, ...programs, ...sources]) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\n${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/** Builds into a folder beside `dist`, and then takes its place: who runs the old one meanwhile sees it whole. */
async function compile(root, folder, { kind, signal }) {
  const fresh = join(folder, `.dist-${process.pid}`);
  const old = `${fresh}-old`;
  const start = performance.now();
  try {
    mkdirSync(fresh);
    const failed = (output) =>
      new Failure(`The build of packages/${basename(folder)} failed:\n${output.split("\n").slice(0, 30).join("\n")}`);
    await bundle({ folder, out: fresh }).catch((error) => {
      throw error instanceof Failure ? error : failed(error.message);
    });
    if (kind === "full") {
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      const command = [process.execPath, tsc, "-p", join(folder, "tsconfig.build.json"), "--outDir", fresh];
      const { code, output } = await run(command, { cwd: root, signal });
      if (code !== 0) throw failed(output);
    }
    tolerate("ENOENT", () => renameSync(join(folder, "dist"), old));
    // Another build of the same sources may have come first: then its output stays.
    tolerate("ENOTEMPTY", () => renameSync(fresh, join(folder, "dist")));
    return performance.now() - start;
  } finally {
    for (const rest of [fresh, old]) rmSync(rest, { recursive: true, force: true });
  }
}

function tolerate(code, action) {
  try {
    action();
  } catch (error) {
    if (error.code !== code) throw error;
  }
}
