import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { postgresDatabase, type PostgresDatabase } from "../postgres/server.ts";

let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
}, 60_000);
afterAll(() => server.stop());

const root = join(import.meta.dirname, "../../../..");
const guides = join(root, "guides");
// Inside of the package, so that "lading" is found as a user finds it; the name is one that git passes over.
const modules = mkdtempSync(join(root, "packages/lading/.snippets-"));
afterAll(() => rmSync(modules, { recursive: true, force: true }));

interface Program {
  readonly name: string;
  readonly code: string;
  /** What it prints, by the fences marked `text` behind it. */
  readonly prints: string;
}

/** The TypeScript of a page, fences that go on with one another together, each with what the page says that it prints. */
function programsOf(page: string): readonly Program[] {
  const programs: { code: string; prints: string }[] = [];
  const fences = readFileSync(join(guides, page), "utf8").matchAll(/^```(ts|text)( continued)?\n([^]*?)^```$/gm);
  for (const [, language, goesOn, text = ""] of fences) {
    if (language === "ts" && goesOn === undefined) programs.push({ code: text, prints: "" });
    else if (language === "ts") programs.at(-1)!.code += text;
    else programs.at(-1)!.prints += text;
  }
  return programs.map((program, index) => ({ name: `${page}, program ${index + 1}`, ...program }));
}

describe("the programs of the guides print what the pages say", () => {
  const home = process.cwd();
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lading-guide-"));
    process.chdir(folder);
    mkdirSync(join(folder, "home"));
    vi.stubEnv("LADING_HOME", join(folder, "home"));
    vi.stubEnv("TZ", "UTC");
    vi.stubEnv("DESTINATION__POSTGRES__CREDENTIALS", server.url);
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  const programs = readdirSync(guides)
    // What is taken over is dlt's: test/take-over runs that page.
    .filter((name) => name.endsWith(".md") && name !== "taking-over.md")
    .flatMap(programsOf);

  test.each(programs.map((program, index) => [program.name, program, index] as const))(
    "%s",
    async (_, program, index) => {
      const file = join(modules, `program-${index}.ts`);
      writeFileSync(file, program.code);
      const lines: string[] = [];
      vi.spyOn(console, "log").mockImplementation(
        (...parts: unknown[]) => void lines.push(`${parts.map(String).join(" ")}\n`),
      );
      await import(/* @vite-ignore */ file);
      expect(lines.join("")).toBe(program.prints);
    },
    30_000,
  );
});
