import { readdirSync, readFileSync } from "node:fs";
import { basename, join, posix, sep } from "node:path";
import { describe, expect, test } from "vitest";

/** The floors of the house, bottom up. A folder may import from itself and from every floor below it. */
const floors: readonly (readonly string[])[] = [
  ["util"],
  ["errors"],
  ["schema"],
  ["state", "config", "resource", "load-package"],
  ["http", "normalize", "destination"],
  ["extract", "dataset", "load"],
  ["pipeline"],
];

const core = floors.flat();
const below = (folder: string): readonly string[] =>
  floors
    .slice(
      0,
      floors.findIndex((floor) => floor.includes(folder)),
    )
    .flat();

/** What each folder may import from, beside itself. Sources and destinations stand at the side and see contracts only. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(core.map((folder) => [folder, below(folder)])),
  // What a resource is given while it runs hands out its settings.
  resource: ["config", ...below("resource")],
  // Speaking to a database, for those who read from it and those who load into it.
  engines: ["config", "schema", "errors", "util"],
  sources: ["engines", "resource", "http", "state", "config", "schema", "errors", "util"],
  destinations: ["engines", "destination", "load-package", "state", "config", "schema", "errors", "util"],
  testing: core,
  cli: [...core, "sources", "destinations", "index.ts"],
  "index.ts": core,
};

/** The libraries that only some folders may know. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  "@duckdb/node-api": ["engines", "sources", "destinations"],
  "@duckdb/node-bindings": ["destinations"],
  pg: ["engines", "sources", "destinations"],
  "pg-copy-streams": ["engines"],
  commander: ["cli"],
  jiti: ["cli"],
  yaml: ["cli", "schema"],
  "smol-toml": ["config"],
  "decimal.js": ["util", "schema", "normalize"],
};

const packageFolder = join(import.meta.dirname, "..");
const files = sourcesOf(packageFolder);

describe("who may import whom in src", () => {
  test("every folder has its place in the table", () => {
    const strangers = new Set(files.map(floorOf).filter((floor) => !(floor in mayImport)));
    expect([...strangers]).toEqual([]);
  });

  test("a file imports only what lies below it", () => {
    const breaches = files.flatMap((file) => {
      const floor = floorOf(file);
      const allowed = new Set([floor, ...(mayImport[floor] ?? []), ...(isTest(file) ? ["testing"] : [])]);
      return importsOf(packageFolder, file)
        .filter((name) => name.startsWith("."))
        .map((name) => posix.join(posix.dirname(file), name))
        .filter((target) => !allowed.has(floorOf(target)))
        .map((target) => `${file} imports ${target}`);
    });
    expect(breaches).toEqual([]);
  });

  test("a library is known to the folders that are meant to know it, and to no other", () => {
    const breaches = files.flatMap((file) =>
      importsOf(packageFolder, file)
        .filter((name) => !isTest(file) && name in libraries && !libraries[name]?.includes(floorOf(file)))
        .map((name) => `${file} imports ${name}`),
    );
    expect(breaches).toEqual([]);
  });

  test("a library that few runs need is imported late", () => {
    const late = /^(?:import|export)(?! type)[^"]*from "(?:yaml|jiti|smol-toml|pg|pg-copy-streams|@duckdb\/node-api)"/m;
    const breaches = files.filter(
      (file) => !isTest(file) && late.test(readFileSync(join(packageFolder, "src", file), "utf8")),
    );
    expect(breaches).toEqual([]);
  });

  test("a package imports no other by its path, and not itself by its name", () => {
    const packages = readdirSync(join(packageFolder, ".."));
    const breaches = packages.flatMap((name) => {
      const folder = join(packageFolder, "..", name);
      const { name: own } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly name: string };
      return sourcesOf(folder).flatMap((file) =>
        importsOf(folder, file)
          .filter(
            (target) => target.split("/").slice(0, own.split("/").length).join("/") === own || leaves(file, target),
          )
          .map((target) => `${name}/src/${file} imports ${target}`),
      );
    });
    expect(breaches).toEqual([]);
  });
});

describe("the measure of a file", () => {
  test("it has at most 400 lines", () => {
    const lines = (file: string): number =>
      readFileSync(join(packageFolder, "src", file), "utf8")
        .trimEnd()
        .split("\n").length;
    expect(files.filter((file) => lines(file) > 400)).toEqual([]);
  });

  test("its name and those of its folders are in kebab-case", () => {
    const kebab = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test(?:-d)?)?\.ts$/;
    expect(files.filter((file) => !kebab.test(file))).toEqual([]);
  });
});

describe("how imports are read", () => {
  test("static, dynamic, type and side-effect imports are seen, comments and texts are not", () => {
    const text = [
      'import { a } from "./a.ts";',
      'import type { B } from "./b.ts";',
      'export { c } from "./c.ts";',
      'import "./d.ts";',
      'const e = await import("./e.ts");',
      "import {",
      "  f,",
      '} from "./f.ts";',
      'type G = import("./g.ts").G;',
      ' * import { x } from "./comment.ts";',
      '// import { x } from "./comment.ts";',
    ].join("\n");
    expect(importsIn(text)).toEqual(["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts", "./f.ts", "./g.ts"]);
  });
});

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.split(sep).join("/"))
    .toSorted();
}

function floorOf(file: string): string {
  return file.split("/")[0] ?? "";
}

function isTest(file: string): boolean {
  return basename(file).includes(".test.");
}

function leaves(file: string, target: string): boolean {
  return target.startsWith(".") && posix.join(posix.dirname(file), target).startsWith("..");
}

function importsOf(folder: string, file: string): readonly string[] {
  return importsIn(readFileSync(join(folder, "src", file), "utf8"));
}

function importsIn(text: string): readonly string[] {
  const code = text.replaceAll(/^\s*(?:\*|\/\/|\/\*).*$/gm, "");
  const pattern = /(?:^|[;\s}])(?:from|import)\s*(?:\(\s*)?["']([^"']+)["']/gm;
  return [...code.matchAll(pattern)].map((match) => match[1] ?? "");
}
