#!/usr/bin/env node
// Compiles the TypeScript in the Markdown pages against the public names of the packages.
//
// A fence that begins with ```ts is a module of its own; "```ts continued" goes on where the fence before it ended.
// Give page names to look at these only: node scripts/snippets.mjs README.md
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { main } from "./lib/main.mjs";
import { root } from "./lib/project.mjs";
import { run } from "./lib/run.mjs";
import { modulesOf } from "./lib/snippet-modules.mjs";

const passedOver = new Set(["node_modules", "dist", "golden", "fixtures"]);

await main(async (signal) => {
  const named = process.argv.slice(2).map((page) => resolve(page));
  const pages = named.length > 0 ? named : [...markdownUnder(root)];
  // Inside of the workspace, so that "lading" is found as a user finds it.
  const folder = mkdtempSync(join(root, ".snippets-"));
  try {
    const places = new Map();
    for (const page of pages) {
      for (const [number, text] of modulesOf(readFileSync(page, "utf8")).entries()) {
        const name = `${places.size}-${number}-${basename(page, ".md").toLowerCase()}.ts`;
        writeFileSync(join(folder, name), text);
        places.set(name, relative(root, page));
      }
    }
    if (places.size === 0) return 0;
    const { output } = await compile(folder, [...places.keys()], signal);
    const faults = faultsOf(output, basename(folder), places);
    process.stdout.write(faults.length > 0 ? `${faults.join("\n")}\n` : `${places.size} snippets compile.\n`);
    return faults.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function* markdownUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith(".") && !passedOver.has(entry.name)) yield* markdownUnder(path);
    } else if (entry.name.endsWith(".md") && entry.name !== "CHANGELOG.md") yield path;
  }
}

async function compile(folder, files, signal) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.json", files, include: [] }));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  return run([process.execPath, tsc, "-p", folder, "--pretty", "false"], { cwd: root, signal });
}

/** The compiler's lines about snippets, with the page in place of the module; errors of the packages are `tsc`'s to tell. */
function faultsOf(output, folder, places) {
  let relevant = false;
  return output.split("\n").flatMap((line) => {
    const [, path, rest] = /^(\S+?\.ts)(\(.*)$/.exec(line) ?? [];
    if (path !== undefined) relevant = path.startsWith(`${folder}/`);
    else if (line.startsWith("error TS")) relevant = true;
    if (!relevant || line === "") return [];
    return [path === undefined ? line : `${places.get(basename(path))}${rest}`];
  });
}
