import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { firstDifference, goldenCase, runCase } from "../../src/testing/golden/index.ts";
import { observe } from "../../src/testing/golden/observe.ts";
import { parseExact } from "../../src/util/json.ts";
import { withFullTypes } from "./full-columns.ts";
import { inPostgres } from "./golden/in-postgres.ts";
import { oneForm } from "./golden/one-form.ts";
import { otherwise } from "./golden/otherwise.ts";
import { readResult } from "./golden/read-result.ts";
import { dropSchemas, postgresDatabases, type PostgresDatabases } from "./server.ts";

const work = mkdtempSync(join(tmpdir(), "lading-golden-"));
const own = join(import.meta.dirname, "../golden/core");
/** Cases from others' data are not part of the project; they are run where they lie beside it. */
const beside = join(import.meta.dirname, "../../../../../shared/golden/core");

let databases: PostgresDatabases;
/** Empty databases: cases have the same dataset, and are run several at a time. */
const idle: string[] = [];
beforeAll(async () => {
  databases = await postgresDatabases();
}, 60_000);
afterAll(async () => {
  await databases.stop();
  rmSync(work, { recursive: true, force: true });
});

function names(folder: string, pattern: RegExp): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => pattern.test(file))
    .map((file) => file.replace(/\.json$/, ""));
}

async function difference(folder: string, name: string): Promise<string | undefined> {
  const golden = goldenCase(parseExact(readFileSync(join(folder, "cases", `${name}.json`), "utf8")));
  const expected = otherwise.has(name)
    ? readResult(join(import.meta.dirname, "golden", `${name}.json`))
    : readResult(join(folder, "expected", `${name}.json`)).map(inPostgres);
  const url = idle.pop() ?? (await databases.another());
  const { steps } = await runCase(golden, {
    folder: mkdtempSync(join(work, "case-")),
    destination: postgres(url),
    observe: async (reader, dataset) => withFullTypes(await observe(reader, dataset), reader, dataset),
  });
  await dropSchemas(url);
  idle.push(url);
  return firstDifference(oneForm(golden, steps), oneForm(golden, expected));
}

const others = names(join(beside, "cases"), /^real-.*\.json$/);

describe("what the real dlt 1.31 did on DuckDB, Lading does on PostgreSQL, in its types", () => {
  test.concurrent.each(names(join(own, "cases"), /\.json$/))("%s", async (name) => {
    expect(await difference(own, name)).toBeUndefined();
  });
  test.skipIf(others.length === 0)("others' data, where it lies beside the project", () => {
    expect(others).not.toEqual([]);
  });
  test.concurrent.each(others)("%s", async (name) => {
    expect(await difference(beside, name)).toBeUndefined();
  });
});
