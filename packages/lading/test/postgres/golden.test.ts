import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Destination } from "../../src/destination/destination.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { goldenCase, runCase, type Observed } from "../../src/testing/golden/index.ts";
import { parseExact } from "../../src/util/json.ts";
import { dropSchemas, postgresDatabase, type PostgresDatabase } from "./server.ts";

const work = mkdtempSync(join(tmpdir(), "lading-golden-"));
const own = join(import.meta.dirname, "../golden/core/cases");
let server: PostgresDatabase;
beforeAll(async () => {
  server = await postgresDatabase();
});
afterAll(async () => {
  await server.stop();
  rmSync(work, { recursive: true, force: true });
});

/** Where PostgreSQL's columns are other ones, as dlt makes them there. */
const otherwise = new Set([
  // timestamp(3) keeps three digits; DuckDB has no such type with a time zone.
  "hint-precision",
  // Names have 63 characters, not 65,536.
  "names-long",
]);

const names = readdirSync(own)
  .map((file) => file.replace(/\.json$/, ""))
  .filter((name) => !otherwise.has(name));

describe("what DuckDB holds after a golden case, PostgreSQL holds", () => {
  test.each(names)(
    "%s",
    async (name) => {
      const golden = goldenCase(parseExact(readFileSync(join(own, `${name}.json`), "utf8")));
      await dropSchemas(server.url);
      const now = (): number => 1_700_000_000_000;
      const run = async (destination: Destination): Promise<Observed[]> => {
        const folder = mkdtempSync(join(work, "case-"));
        return (await runCase(golden, { folder, destination, now })).steps;
      };
      const there = await run(duckdb(join(work, `${name}.duckdb`)));
      const here = await run(postgres(server.url));
      expect(plain(here, there)).toEqual(plain(there, there));
    },
    60_000,
  );
});

/** What both engines must have, written the same way: types are DuckDB's. */
function plain(steps: readonly Observed[], typed: readonly Observed[]): unknown {
  return steps.map((step, i) => ({
    ...step,
    versions: step.versions?.map((one) => ({ ...one, schema: text(one["schema"]) })),
    loads: step.loads?.map((one) => text(one)),
    states: step.states?.map((one) =>
      text(one).replaceAll(/"(?:_version_hash|version_hash|destination_type)":"[^"]*"/g, ""),
    ),
    tables: Object.fromEntries(
      Object.entries(step.tables)
        .toSorted(([x], [y]) => (x < y ? -1 : 1))
        .map(([name, table]) => {
          const types = new Map(typed[i]!.tables[name]?.columns.map(([column, type]) => [column, type]));
          return [
            name,
            {
              columns: table.columns.map(([column, , nullable]) => [column, nullable]),
              rows: table.rows
                ?.map((row) =>
                  JSON.stringify(row.map((cell, at) => same(cell, types.get(table.columns[at]![0]) ?? ""))),
                )
                .toSorted(),
            },
          ];
        }),
    ),
  }));
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === "bigint" ? String(one) : one instanceof Map ? Object.fromEntries(one) : one,
  );
}

function same(cell: string | null, type: string): unknown {
  if (cell === null) return null;
  if (type === "DOUBLE") return String(Number(cell.replace("Infinity", "inf").replace("inf", "Infinity")));
  if (type.startsWith("DECIMAL")) return cell.includes(".") ? cell.replace(/\.?0+$/, "") : cell;
  if (type === "JSON") return sorted(JSON.parse(cell));
  // PostgreSQL writes hexadecimal digits, DuckDB only where a byte is no letter.
  if (type === "BLOB" && /^\\x(?:[0-9a-f]{2})*$/.test(cell)) {
    return [...Buffer.from(cell.slice(2), "hex")]
      .map((byte) =>
        byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0").toUpperCase()}`,
      )
      .join("");
  }
  return cell;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([x], [y]) => (x < y ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
