import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");
const version = (name: string): string =>
  (JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as { readonly version: string })
    .version;

let clone: string;
let elsewhere: string;

beforeEach(() => {
  elsewhere = mkdtempSync(join(tmpdir(), "lading clone "));
  clone = join(elsewhere, "with spaces");
  cpSync(join(root, "scripts"), join(clone, "scripts"), { recursive: true });
  put("package.json", { name: "clone", private: true, type: "module", workspaces: ["packages/*"] });
  put("tsconfig.json", { compilerOptions: { target: "es2022", module: "nodenext" } });
  const entry = (name: string) => ({ source: `./src/${name}.ts`, default: `./dist/${name}.js` });
  put("packages/one/package.json", {
    name: "one",
    version: "1.0.0",
    type: "module",
    bin: { one: "bin/one.js" },
    exports: { ".": entry("index"), "./parts/*": entry("parts/*/index"), "./package.json": "./package.json" },
    dependencies: { another: "*" },
  });
  put("packages/one/tsconfig.build.json", {});
  put("packages/one/bin/one.js", `import "../dist/cli/bin.js";\n`);
  put("packages/one/src/cli/bin.ts", `import { shared } from "../shared.ts";\nawait shared();\n`);
  put("packages/one/src/index.ts", `export { shared } from "./shared.ts";\nexport const answer: number = 42;\n`);
  put("packages/one/src/shared.ts", `export const shared = (): unknown => import("another/part");\n`);
  put("packages/one/src/parts/old/index.ts", `export const old: number = 1;\n`);
  lock({ "node_modules/rolldown": { version: version("rolldown") } });
  mkdirSync(join(clone, "node_modules"));
  symlinkSync(join(root, "node_modules", "rolldown"), join(clone, "node_modules", "rolldown"), "dir");
});

afterEach(() => {
  rmSync(elsewhere, { recursive: true, force: true });
});

describe("the set-up of a fresh clone", () => {
  test("builds once, says so, and has nothing to do the second time", async () => {
    expect(await setup()).toMatchObject({
      code: 0,
      errors: expect.stringMatching(/^Built one in [\d.]+ s\.\n$/) as string,
    });
    expect(readFileSync(join(clone, "packages/one/dist/index.js"), "utf8")).toContain("answer = 42");
    expect(await setup()).toEqual({ code: 0, errors: "" });
  });

  test("builds a file for each entry and each program, and one for what they share; dependencies stay outside", async () => {
    await setup();
    const built = readdirSync(join(clone, "packages/one/dist"), { recursive: true, encoding: "utf8" });
    expect(built.filter((file) => file.endsWith(".js")).toSorted()).toEqual(
      ["chunks/shared.js", "cli/bin.js", "index.js", "parts/old/index.js"].map((file) => join(file)),
    );
    expect(built).toContain(join("chunks/shared.js.map"));
    expect(readFileSync(join(clone, "packages/one/dist/chunks/shared.js"), "utf8")).toContain(`import("another/part")`);
  });

  test("builds again where a source changed or the output is gone, and what has no source any more goes", async () => {
    await setup();
    put("packages/one/src/index.ts", `export const answer: number = 43;\n`);
    rmSync(join(clone, "packages/one/src/parts/old"), { recursive: true });
    expect((await setup()).errors).toContain("Built one");
    expect(readFileSync(join(clone, "packages/one/dist/index.js"), "utf8")).toContain("answer = 43");
    expect(existsSync(join(clone, "packages/one/dist/parts/old"))).toBe(false);

    rmSync(join(clone, "packages/one/dist"), { recursive: true });
    expect((await setup()).errors).toContain("Built one");
    expect(existsSync(join(clone, "packages/one/dist/index.js"))).toBe(true);
  });

  test.each([
    ["cannot be read", `export const = ;\n`],
    ["imports a file that is not there", `export * from "./gone.ts";\n`],
    ["imports a package that it does not name", `export * from "stranger";\n`],
  ])("keeps the last good output and shows the bundler's words where a source %s", async (_, source) => {
    await setup();
    put("packages/one/src/index.ts", source);
    const { code, errors } = await setup();
    expect(code).toBe(1);
    expect(errors).toMatch(/The build of packages\/one failed:[^]*index\.ts/);
    expect(readFileSync(join(clone, "packages/one/dist/index.js"), "utf8")).toContain("answer = 42");
  });

  test("says what to look at where the registry cannot be reached", { timeout: 60_000 }, async () => {
    const dependencies = { "a-package-that-is-missing": "1.0.0" };
    put("package.json", { name: "clone", private: true, type: "module", dependencies });
    lock({ "": { name: "clone", dependencies }, "node_modules/a-package-that-is-missing": { version: "1.0.0" } });
    const { code, errors } = await setup();
    expect(code).toBe(1);
    expect(errors).toContain("1 packages are missing");
    expect(errors).toMatch(/npm ci failed:[^]*The npm registry was not reached/);
    expect(errors).not.toMatch(/^\s+at /m);
  });
});

describe("the lock file", () => {
  test("must name no registry, and every optional package of every system", async () => {
    const { lockFileFaults } = (await import(pathToFileURL(join(root, "scripts/lib/lock-file.mjs")).href)) as {
      readonly lockFileFaults: (lock: unknown) => readonly string[];
    };
    const native = {
      version: "1.0.0",
      integrity: "sha512-x",
      optionalDependencies: { "native-linux": "1.0.0", "native-mac": "1.0.0" },
    };
    const there = { version: "1.0.0", integrity: "sha512-x" };
    const packages = { "": {}, "node_modules/native": native, "node_modules/native/node_modules/native-linux": there };
    expect(lockFileFaults({ packages: { ...packages, "node_modules/native-mac": there } })).toEqual([]);
    expect(lockFileFaults({ packages })).toEqual(["node_modules/native wants native-mac, which the lock file lacks"]);
    const bound = { ...there, resolved: "https://registry.example/native-mac.tgz" };
    expect(lockFileFaults({ packages: { ...packages, "node_modules/native-mac": bound } })).toEqual([
      "node_modules/native-mac names the registry it came from: https://registry.example/native-mac.tgz",
    ]);
  });
});

describe("the TypeScript of a page", () => {
  test("stands on the lines of the page, one module a fence, or one for those that go on", async () => {
    const { modulesOf } = (await import(pathToFileURL(join(root, "scripts/lib/snippet-modules.mjs")).href)) as {
      readonly modulesOf: (page: string) => readonly string[];
    };
    const page = [
      "# A",
      "```ts",
      "const a = 1;",
      "```",
      "text",
      "```ts continued",
      "a;",
      "```",
      "```js",
      "no",
      "```",
      "  ```ts",
      "  b;",
      "  ```",
    ];
    expect(modulesOf(page.join("\n"))).toEqual([
      "\n\nconst a = 1;\n\n\n\na;\nexport {};\n",
      `${"\n".repeat(12)}b;\nexport {};\n`,
    ]);
  });
});

function put(file: string, content: unknown): void {
  const path = join(clone, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
}

function lock(packages: Readonly<Record<string, unknown>>): void {
  put("package-lock.json", { name: "clone", lockfileVersion: 3, requires: true, packages: { "": {}, ...packages } });
}

/** Runs the set-up from another folder than the clone's, with a registry that nobody answers for. */
function setup(): Promise<{ readonly code: number; readonly errors: string }> {
  const env = {
    ...process.env,
    npm_config_registry: "http://127.0.0.1:1/",
    npm_config_fetch_retries: "0",
    npm_config_prefer_offline: "false",
    npm_config_cache: join(elsewhere, "cache"),
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(clone, "scripts/setup.mjs")],
      { cwd: elsewhere, env, timeout: 60_000 },
      (error, _, errors) => {
        resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, errors });
      },
    );
  });
}
