import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, vi } from "vitest";

const root = join(import.meta.dirname, "../../../..");
const guides = join(root, "guides");
const examples = join(root, "packages/lading/examples");

/** A program of the documents. */
export interface Program {
  /** `contracts.md, program 2`, or the example's file name. */
  readonly name: string;
  readonly code: string;
  /** What it prints, by the fences marked `text` behind it; nothing where its page does not say. */
  readonly prints?: string;
}

/** The TypeScript of a page, fences that go on with one another together, each with what the page says that it prints. */
function programsOf(folder: string, page: string): readonly (Program & { readonly prints: string })[] {
  const programs: { code: string; prints: string }[] = [];
  const fences = readFileSync(join(folder, page), "utf8").matchAll(/^```(ts|text)( continued)?\n([^]*?)^```$/gm);
  for (const [, language, goesOn, text = ""] of fences) {
    if (language === "ts" && goesOn === undefined) programs.push({ code: text, prints: "" });
    else if (language === "ts") programs.at(-1)!.code += text;
    else programs.at(-1)!.prints += text;
  }
  return programs.map((program, index) => ({ name: `${page}, program ${index + 1}`, ...program }));
}

/** The programs of the guides. */
export function guidePrograms(): readonly (Program & { readonly prints: string })[] {
  return (
    readdirSync(guides)
      // What is taken over is dlt's: test/take-over runs that page.
      .filter((name) => name.endsWith(".md") && name !== "taking-over.md")
      .flatMap((page) => programsOf(guides, page))
  );
}

/** The programs of the other pages, and the examples. */
export function otherPrograms(): readonly Program[] {
  const pages: readonly (readonly [folder: string, page: string])[] = [
    [root, "README.md"],
    [join(root, "packages/connectors"), "README.md"],
    [join(root, "examples/stickyio"), "README.md"],
    [guides, "taking-over.md"],
  ];
  return [
    ...pages.flatMap(([folder, page]) =>
      programsOf(folder, page).map(({ name, code }) => ({
        name: page === "README.md" ? `${folder.slice(root.length + 1)}/${name}`.replace(/^\//, "") : name,
        code,
      })),
    ),
    ...readdirSync(examples)
      .filter((name) => /^\d.*\.ts$/.test(name))
      .map((name) => ({ name, code: readFileSync(join(examples, name), "utf8") })),
  ];
}

/**
 * Has each test of a file run in a folder of its own, with its own working folder.
 *
 * @returns runs a program, and gives what it prints
 */
export function useProgramFolder(
  environment: () => Readonly<Record<string, string>> = () => ({}),
): (code: string) => Promise<string> {
  const home = process.cwd();
  // Inside of the package, so that "lading" is found as a user finds it; the name is one that git passes over.
  const modules = mkdtempSync(join(root, "packages/lading/.snippets-"));
  let folder = "";
  let count = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lading-guide-"));
    process.chdir(folder);
    mkdirSync(join(folder, "home"));
    vi.stubEnv("LADING_HOME", join(folder, "home"));
    vi.stubEnv("TZ", "UTC");
    for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });
  afterAll(() => rmSync(modules, { recursive: true, force: true }));

  return async (code) => {
    const file = join(modules, `program-${count++}.ts`);
    writeFileSync(file, code);
    const lines: string[] = [];
    const print = (...parts: unknown[]): void => void lines.push(`${parts.map(String).join(" ")}\n`);
    const spies = [
      vi.spyOn(console, "log").mockImplementation(print),
      vi.spyOn(console, "error").mockImplementation(print),
      vi.spyOn(console, "table").mockImplementation((rows: unknown) => print(JSON.stringify(rows))),
    ];
    try {
      await import(/* @vite-ignore */ file);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return lines.join("");
  };
}
