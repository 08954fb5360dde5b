import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { dropSchemas, postgresDatabase, type PostgresDatabase } from "../postgres/server.ts";
import { guidePrograms, otherPrograms, useProgramFolder } from "./programs.ts";

let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
}, 60_000);
afterAll(() => server.stop());
beforeEach(() => dropSchemas(server.url));

/** Programs that cannot be run here, and why. */
const notRun: Readonly<Record<string, string>> = {
  "own-destination.md, program 1": "it gives a suite of tests an empty place for each case: a file of its own",
  "README.md, program 1": "asks acme.sticky.io",
  "packages/connectors/README.md, program 1": "asks acme.sticky.io",
  "examples/stickyio/README.md, program 1": "asks acme.sticky.io",
  "02-rest-api.ts": "asks api.bakery.example",
  "03-incremental.ts": "asks weather.example",
  "04-dependent-resources.ts": "asks library.example",
  "05-transformer.ts": "asks museum.example",
};

const importOfDuckDb = `import { duckdb } from "lading/destinations/duckdb";`;

/** What a program reads, where it reads a file. */
const crossings = gzipSync('{"at":"2024-05-01T08:00:00Z","bridge":"Tower","tonnes":41}\n');

/** The program with PostgreSQL in DuckDB's place: the import and the calls, and nothing else. */
function intoPostgres(code: string): string {
  return code
    .replace(importOfDuckDb, `import { postgres } from "lading/destinations/postgres";`)
    .replaceAll(/\bduckdb\((?:"[^"]*"|join\([^)]*\))?\)/g, "postgres()");
}

/** What is another each time, and what names the destination. */
function same(text: string): string {
  return (
    text
      .replaceAll(/(?:duckdb|postgres) \([^)]*\)/g, "<destination>")
      .replaceAll(/Load \d+\.\d+/g, "Load")
      .replaceAll(/in [\d.]+ (?:s|ms)\b/g, "in <time>")
      // PostgreSQL is not asked to count: see the guide.
      .replaceAll(/(?<= rows)(?:, [\d,]+ replaced)?, [\d,]+ in the table/g, "")
  );
}

describe("only `destination` changes between DuckDB and PostgreSQL", () => {
  const run = useProgramFolder(() => ({ DESTINATION__POSTGRES__CREDENTIALS: server.url }));
  const programs = [...guidePrograms(), ...otherPrograms()].filter(({ code }) => code.includes(importOfDuckDb));

  test.each(programs.filter(({ name }) => !(name in notRun)).map((program) => [program.name, program] as const))(
    "%s",
    async (_, { code, prints }) => {
      writeFileSync("crossings.ndjson.gz", crossings);
      const changed = intoPostgres(code);
      // As a source it may stay.
      expect(changed).not.toMatch(/destinations\/duckdb|\bduckdb\(/);
      expect(same(await run(changed))).toBe(same(prints ?? (await run(code))));
    },
    30_000,
  );

  test("the programs that are not run are those that say so", () => {
    const asks = programs
      .filter(({ code }) => /\bhttps:|\bappKey:|destinationSuite/.test(code))
      .map(({ name }) => name);
    expect(Object.keys(notRun).toSorted()).toEqual(asks.toSorted());
  });
});
