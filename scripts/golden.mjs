// Runs golden cases: what the real dlt did with the same documents.
//   npm run golden -- DIR [--only NAME] [--out OUT]
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { setup } from "./lib/setup.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, out: { type: "string" } },
});
const folder = positionals[0];
if (folder === undefined || !existsSync(join(folder, "cases"))) {
  console.error(
    "Usage: npm run golden -- DIR [--only NAME] [--out OUT]\nDIR has the folders cases and, to compare with, expected.",
  );
  process.exit(2);
}
await setup({ dev: false });
const { firstDifference, goldenCase, parseExact, resultText, runCase } = await import("lading/testing");
const { duckdb } = await import("lading/destinations/duckdb");

const work = mkdtempSync(join(tmpdir(), "lading-golden-"));
if (values.out !== undefined) mkdirSync(resolve(values.out), { recursive: true });
let passed = 0;
let failed = 0;
let ran = 0;
try {
  for (const file of readdirSync(join(folder, "cases")).toSorted()) {
    const name = file.replace(/\.json$/, "");
    if (!file.endsWith(".json") || (values.only !== undefined && values.only !== name)) continue;
    const own = join(work, name);
    mkdirSync(own);
    let difference;
    try {
      const golden = goldenCase(parseExact(readFileSync(join(folder, "cases", file), "utf8")));
      const result = await runCase(golden, { folder: own, destination: duckdb(join(own, "golden.duckdb")) });
      if (values.out !== undefined) writeFileSync(resolve(values.out, file), `${resultText(result)}\n`);
      const expected = join(folder, "expected", file);
      if (existsSync(expected)) {
        const { steps } = toObject(parseExact(readFileSync(expected, "utf8")));
        difference = firstDifference(result.steps, steps);
      } else ran++;
    } catch (error) {
      difference = error instanceof Error ? error.message : String(error);
    }
    rmSync(own, { recursive: true, force: true });
    if (difference === undefined) passed++;
    else {
      failed++;
      console.log(`${name}\n  ${difference}`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
if (ran > 0) console.log(`${ran} had no expected result to compare with`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed + failed === 0 ? 1 : 0;

/** The outer levels as objects; what is below stays as it was parsed. */
function toObject(map) {
  const steps = map.get("steps").map((step) => Object.fromEntries(step));
  return { steps };
}
