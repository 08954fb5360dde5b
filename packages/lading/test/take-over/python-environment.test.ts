import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pythonWithDlt } from "./python-environment.ts";

let cache = "";
beforeEach(() => void (cache = mkdtempSync(join(tmpdir(), "lading-python-"))));
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const env = (more: Readonly<Record<string, string>>) => ({ ...process.env, LADING_TEST_PYTHON_CACHE: cache, ...more });

test("where there is no Python, the reason says so, and nothing is left", async () => {
  const found = await pythonWithDlt("1.31.0", { env: env({ PATH: join(cache, "nowhere") }), note: () => {} });
  expect(found.reason).toMatch(/^there is no Python 3\.10/);
  expect(readdirSync(cache)).toEqual([]);
});

/** A `python3` that is a shell script, which is told what it is asked. */
function fakePython(script: string): string {
  const bin = join(cache, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "python3"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return `${bin}:/usr/bin:/bin`;
}

test.runIf(process.platform !== "win32")("what cannot be installed leaves no half environment", async () => {
  // It makes an environment with itself in it, which fails at installing.
  const path = fakePython(`case "$*" in
    *"-m venv"*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;
    *"-m pip"*) echo "no network" >&2; exit 1;;
  esac`);
  const notes: string[] = [];
  const found = await pythonWithDlt("1.31.0", { env: env({ PATH: path }), note: (line) => notes.push(line) });
  expect(found.reason).toBe("dlt 1.31.0 cannot be installed: no network");
  expect(notes).toHaveLength(1);
  expect(readdirSync(cache)).toEqual(["bin"]);
});

test.runIf(process.platform !== "win32")("is made once, by whoever comes first; a broken one is replaced", async () => {
  const path = fakePython(`case "$*" in
    *"-m venv"*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;
  esac`);
  mkdirSync(join(cache, "dlt-1.31.0", "bin"), { recursive: true });
  writeFileSync(join(cache, "dlt-1.31.0", "bin", "python"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const notes: string[] = [];
  const options = { env: env({ PATH: path }), note: (line: string) => void notes.push(line) };
  const both = await Promise.all([pythonWithDlt("1.31.0", options), pythonWithDlt("1.31.0", options)]);
  const executable = join(cache, "dlt-1.31.0", "bin", "python");
  expect(both).toEqual([{ executable }, { executable }]);
  const noted = notes.length;
  expect(await pythonWithDlt("1.31.0", options)).toEqual({ executable });
  expect(notes).toHaveLength(noted);
  expect(readdirSync(cache).toSorted()).toEqual(["bin", "dlt-1.31.0"]);
});
