import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { firstDifference, goldenCase, runCase, type Observed } from "../../src/testing/golden/index.ts";
import type { ExactObject } from "../../src/util/exact.ts";
import { parseExact } from "../../src/util/json.ts";

const work = mkdtempSync(join(tmpdir(), "lading-golden-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const own = join(import.meta.dirname, "core");
/** Cases from others' data are not part of the project; they are run where they lie beside it. */
const beside = join(import.meta.dirname, "../../../../../shared/golden/core");

function names(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => pattern.test(file))
    .map((file) => file.replace(/\.json$/, ""));
}

async function run(folder: string, name: string): Promise<Observed[]> {
  const text = readFileSync(join(folder, "cases", `${name}.json`), "utf8");
  const place = join(work, name);
  mkdirSync(place);
  const { steps } = await runCase(goldenCase(parseExact(text)), {
    folder: place,
    destination: duckdb(join(place, "golden.duckdb")),
  });
  return steps;
}

function expected(folder: string, name: string): Observed[] {
  const document = parseExact(readFileSync(join(folder, "expected", `${name}.json`), "utf8")) as ExactObject;
  return (document.get("steps") as ExactObject[]).map((step) => Object.fromEntries(step) as unknown as Observed);
}

describe("what the real dlt 1.31 did, Lading does: tables, hashes, state", () => {
  test.each(names(join(own, "cases"), /\.json$/))("%s", async (name) => {
    expect(firstDifference(await run(own, name), expected(own, name))).toBeUndefined();
  });
  test.each(names(join(beside, "cases"), /^real-.*\.json$/))("%s", async (name) => {
    expect(firstDifference(await run(beside, name), expected(beside, name))).toBeUndefined();
  });
});
