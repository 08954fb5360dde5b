import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { goldenCase, runCase, type Observed } from "../../src/testing/golden/index.ts";
import { parseExact } from "../../src/util/json.ts";
const { startPostgres } = (await import("../../../../scripts/lib/postgres-server.mjs" as string)) as any;
const work = mkdtempSync(join(tmpdir(), "lading-golden-"));
let server: any;
beforeAll(async () => { server = await startPostgres({ settings: { fsync: "off" } }); });
afterAll(async () => { await server.stop(); rmSync(work, { recursive: true, force: true }); });
const own = join(import.meta.dirname, "../golden/core");
describe("pg", () => {
  test.each(readdirSync(join(own, "cases")).map((f) => f.replace(/\.json$/, "")))("%s", async (name) => {
    const golden = goldenCase(parseExact(readFileSync(join(own, "cases", `${name}.json`), "utf8")));
    const client = new (await import("pg")).default.Client(server.url); await client.connect();
    for (const { nspname } of (await client.query("select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' and nspname <> 'public'")).rows) await client.query(`DROP SCHEMA "${nspname}" CASCADE`);
    await client.end();
    const place = join(work, name); mkdirSync(place); mkdirSync(join(place, "d")); mkdirSync(join(place, "p"));
    const now = () => 1_700_000_000_000;
    const a = await runCase(golden, { folder: join(place, "d"), destination: duckdb(join(place, "golden.duckdb")), now });
    const b = await runCase(golden, { folder: join(place, "p"), destination: postgres(server.url), now });
    expect(plain(b.steps, a.steps)).toEqual(plain(a.steps, a.steps));
  }, 60000);
});

/** What both engines must have, written the same way: types are DuckDB's. */
function plain(steps: readonly Observed[], typed: readonly Observed[]): unknown {
  return steps.map((step, i) => ({
    ...step,
    versions: step.versions?.map((one) => ({ ...one, schema: text(one["schema"]) })),
    loads: step.loads?.map((one) => text(one)),
    states: step.states?.map((one) => text(one).replaceAll(/"(?:_version_hash|version_hash|destination_type)":"[^"]*"/g, "")),
    tables: Object.fromEntries(
      Object.entries(step.tables).toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([name, table]) => {
        const types = new Map(typed[i]!.tables[name]?.columns.map(([column, type]) => [column, type]));
        return [name, {
          columns: table.columns.map(([column, , nullable]) => [column, nullable]),
          rows: table.rows?.map((row) => JSON.stringify(row.map((cell, at) => same(cell, types.get(table.columns[at]![0]) ?? "")))).toSorted(),
        }];
      }),
    ),
  }));
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one instanceof Map ? Object.fromEntries(one) : one));
}

function same(cell: string | null, type: string): unknown {
  if (cell === null) return null;
  if (type === "DOUBLE") return String(Number(cell.replace("Infinity", "inf").replace("inf", "Infinity")));
  if (type.startsWith("DECIMAL")) return cell.includes(".") ? cell.replace(/\.?0+$/, "") : cell;
  if (type === "JSON") return sorted(JSON.parse(cell));
  if (type === "BLOB") return cell.startsWith("\\x") && !cell.includes("\\x", 2) ? cell.toLowerCase() : cell;
  return cell;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([k, v]) => [k, sorted(v)]));
}
