#!/usr/bin/env node
// `npm run check`: everything that must hold before a change lands, but the tests. All steps run, the failures are
// summed up at the end. Names pick steps: npm run check -- lint types
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { lockFileFaults } from "./lib/lock-file.mjs";
import { main } from "./lib/main.mjs";
import { packages, readJson, root } from "./lib/project.mjs";
import { run } from "./lib/run.mjs";
import { setup } from "./lib/setup.mjs";

await main(async (signal) => {
  await setup({ dev: true, kind: "none", signal });
  const steps = stepsOf((command) => run(command, { cwd: root, signal, seconds: 600 }), signal);
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in steps));
  if (unknown.length > 0) {
    process.stderr.write(`There is no step ${unknown.join(", ")}. The steps: ${Object.keys(steps).join(", ")}\n`);
    return 2;
  }
  const failed = [];
  for (const [name, step] of Object.entries(steps)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const start = performance.now();
    const fault = await step().catch((error) => {
      if (signal.aborted) throw error;
      return error.message;
    });
    const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    process.stdout.write(`${fault === undefined ? "✓" : "✗"} ${name.padEnd(12)} ${seconds.padStart(7)}\n`);
    if (fault === undefined) continue;
    failed.push(name);
    process.stdout.write(`${fault.trimEnd().replaceAll(/^/gm, "    ")}\n`);
  }
  process.stdout.write(failed.length > 0 ? `${failed.length} failed: ${failed.join(", ")}\n` : "All is well.\n");
  return failed.length > 0 ? 1 : 0;
});

/**
 * The steps by name; each gives what is wrong, or nothing.
 * @param {(command: readonly string[]) => ReturnType<typeof run>} execute
 */
function stepsOf(execute, signal) {
  const tool = (name, file) => [process.execPath, join(root, "node_modules", name, file)];
  const tsc = tool("typescript", "bin/tsc");
  const must = async (...command) => {
    const { code, output } = await execute(command);
    return code === 0 ? undefined : output || `It ended with exit code ${code}.`;
  };
  const onEach = (work) => async () => {
    const faults = [];
    for (const one of packages()) faults.push(await work(relative(root, one.folder)));
    return faults.find((fault) => fault !== undefined);
  };
  return {
    format: () => must(...tool("oxfmt", "bin/oxfmt"), "--check"),
    lint: () => must(...tool("oxlint", "bin/oxlint"), "--type-aware", "--deny-warnings"),
    types: async () => {
      const projects = [root, ...examples()];
      const faults = [];
      for (const project of projects) faults.push(await must(...tsc, "-p", project, "--pretty", "false"));
      return faults.find((fault) => fault !== undefined);
    },
    unused: () => must(...tool("knip", "bin/knip.js")),
    build: async () => {
      await setup({ dev: true, kind: "full", signal });
      return undefined;
    },
    publint: onEach((folder) => must(...tool("publint", "src/cli.js"), folder, "--strict")),
    exports: onEach((folder) =>
      must(...tool("@arethetypeswrong/cli", "dist/index.js"), "--pack", folder, "--profile", "esm-only", "--no-emoji"),
    ),
    snippets: () => must(process.execPath, join(root, "scripts", "snippets.mjs")),
    changesets: async () => {
      const { code } = await execute(["git", "rev-parse", "--verify", "--quiet", "main"]);
      // A clone of one commit has no main to compare with: then the changesets themselves are looked at only.
      return must(...tool("@changesets/cli", "bin.js"), "status", ...(code === 0 ? [] : ["--since", "HEAD"]));
    },
    lockfile: async () => {
      const faults = lockFileFaults(readJson(join(root, "package-lock.json")));
      return faults.length > 0 ? faults.join("\n") : undefined;
    },
    clean: () => clean(execute),
  };
}

/** The examples that are projects of their own to the compiler. */
function examples() {
  const folder = join(root, "examples");
  return (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, "tsconfig.json")));
}

/** What one machine knows and nobody else should read, and what is not finished. */
async function clean(execute) {
  const escape = (text) => text.replaceAll(/[^\w/-]/g, String.raw`\$&`);
  const places = [root, homedir()].filter((path) => path.length > 1).map((path) => escape(`${path}/`));
  const machine = [...places, "(^|[^[:alnum:]])/(wo[r]k|ro[o]t|Use[r]s/[a-z]+)/", "registr[y]=http"].join("|");
  const unfinished = [String.raw`\b(TO[D]O|FIX[M]E)\b`, String.raw`\b(it|test|describe)\.(only|todo)\(`].join("|");
  const all = [];
  const searches = [
    { title: "Paths or hosts of one machine:", pattern: machine, paths: [".", ":!package-lock.json", ":!LICENSE"] },
    { title: "Not finished:", pattern: unfinished, paths: ["packages", "scripts", "bench", "examples"] },
  ];
  for (const { title, pattern, paths } of searches) {
    const { code, output } = await execute(["git", "grep", "--untracked", "-nIE", "-e", pattern, "--", ...paths]);
    // git grep: 0 found something, 1 found nothing, 128 this is no checkout.
    if (code === 0) all.push(title, output.trimEnd());
    else if (code > 1) return `git grep failed: ${output}`;
  }
  return all.length > 0 ? all.join("\n") : undefined;
}
