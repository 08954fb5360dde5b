import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");

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

test("npm start shows what the README shows", { timeout: 120_000 }, async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, shown] = /^```\n(> start\n[^]*?)^```$/m.exec(readme) ?? [];
  const folder = mkdtempSync(join(tmpdir(), "lading-start-"));
  try {
    const child = spawn(process.execPath, [join(root, "scripts", "start.mjs"), "--folder", folder], {
      cwd: folder,
      env: { ...process.env, LADING_HOME: join(folder, "home") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(0);
    expect(linesOf(said)).toEqual(linesOf(shown ?? ""));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
