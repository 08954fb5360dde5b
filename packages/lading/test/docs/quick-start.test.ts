import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");

const readme = readFileSync(join(root, "README.md"), "utf8");
const [shownOfDuckDb = "", shownOfPostgres = ""] = [...readme.matchAll(/^```\n(> start\n[^]*?)^```$/gm)].map(
  ([, text = ""]) => text,
);

/** Its lines, without what is another every time; those of the resources and tables in no order, as they come at once. */
function linesOf(text: string): string[] {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, "<address>")
    .replaceAll(/\(\/.*stickyio\.duckdb\)/g, "<file>")
    .replaceAll(/ in [\d.]+ s\./g, "")
    .replaceAll(/Load \d+\.\d+/g, "Load")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "<time>")
    .split("\n")
    .filter((line) => !/^(?:>|Install|Built|$)/.test(line))
    .toSorted();
}

/** What `npm start` prints in a folder of its own. */
async function start(...options: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "lading-start-"));
  // Where root runs the tests the server runs as somebody else, who must get into the folder.
  chmodSync(folder, 0o755);
  try {
    const child = spawn(process.execPath, [join(root, "scripts", "start.mjs"), "--folder", folder, ...options], {
      cwd: folder,
      env: { ...process.env, LADING_HOME: join(folder, "home") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    return said;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("npm start shows what the README shows", { timeout: 120_000 }, async () => {
  expect(linesOf(await start())).toEqual(linesOf(shownOfDuckDb));
});

describe("npm start -- --destination postgres", () => {
  // Needs no given server: the one that it brings is what is tested.
  test("shows what the README shows, and all that it does with DuckDB", { timeout: 120_000 }, async () => {
    const said = linesOf(await start("--destination", "postgres"));
    const shown = linesOf(shownOfPostgres).filter((line) => line.trim() !== "…");
    expect(said).toEqual(expect.arrayContaining(shown));

    const name = (line: string): string =>
      line
        .replace("duckdb <file>", "postgres (postgresql://<address>/postgres)")
        // PostgreSQL is not asked to count: see the guide.
        .replace(/^(.*? rows)(?:, [\d,]+ replaced)?, [\d,]+ in the table/, "$1");
    const isOfDestination = /^ {2}(?:npm start|examples\/|stickyio\.)/;
    const common = (lines: readonly string[]): string[] =>
      lines.filter((line) => !isOfDestination.test(line)).toSorted();
    expect(common(said)).toEqual(common(linesOf(shownOfDuckDb).map(name)));
  });

  test("differs from the program for DuckDB by its destination only", () => {
    const program = (file: string): string =>
      readFileSync(join(root, "examples", "stickyio", file), "utf8").replaceAll(/^\/\/.*\n/gm, "");
    expect(program("postgres.ts")).toBe(
      program("pipeline.ts")
        .replace(
          `import { duckdb } from "lading/destinations/duckdb"`,
          `import { postgres } from "lading/destinations/postgres"`,
        )
        .replace(`duckdb("stickyio.duckdb")`, "postgres()"),
    );
  });

  test("says what there is where a destination is none of its own", async () => {
    const child = spawn(process.execPath, [join(root, "scripts", "start.mjs"), "--destination", "mysql"]);
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(1);
    expect(errors).toBe(
      "\n✗ --destination mysql: the example loads into duckdb, into postgres, or into postgres://user:password@host/database.\n",
    );
  });
});
