import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalog } from "../src/errors/index.ts";

const packages = join(import.meta.dirname, "..", "..");
const folders = readdirSync(packages).flatMap((name) => [join(packages, name, "src"), join(packages, name, "test")]);
const files = folders.flatMap(sourcesOf);
const tests = files.filter(({ path }) => path.endsWith(".test.ts") && path !== import.meta.filename);
const sources = files.filter(({ path }) => !/\.test(-d)?\.ts$/.test(path) && !/errors\/[a-z-]*catalog\.ts$/.test(path));
const codes = Object.keys(catalog);

describe("every error of the catalog", () => {
  test("is provoked by a test that names it", () => {
    expect(codes.filter((code) => !tests.some(({ text }) => expects(text, code)))).toEqual([]);
  });

  test("is thrown somewhere", () => {
    expect(codes.filter((code) => !sources.some(({ text }) => throws(text, code)))).toEqual([]);
  });

  test.each(Object.entries(catalog))("says what happened and what to do: %s", (code, { title, hint }) => {
    expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)*$/);
    expect(title).toMatch(/^[A-Z][^\n]*[^.\s]$/);
    expect(hint).toMatch(/^[A-Z][^\n]*[.:\])}a-z]$/);
  });
});

/** Whether a source expects a code: by itself, or in what the command line prints. One that a test makes is not provoked. */
function expects(text: string, code: string): boolean {
  return new RegExp(`(?<!LadingError\\(\\s*)["'\`](?:✗ )?${code}\\b`).test(text);
}

function throws(text: string, code: string): boolean {
  return new RegExp(`["'\`]${code}["'\`]`).test(text);
}

function sourcesOf(folder: string): readonly { readonly path: string; readonly text: string }[] {
  let found: readonly string[];
  try {
    found = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return found
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ path: join(folder, file), text: readFileSync(join(folder, file), "utf8") }));
}
