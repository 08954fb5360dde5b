import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { duckdbClient } from "./client.ts";
import { openDatabase } from "../../engines/duckdb/driver.ts";

const folder = mkdtempSync(join(tmpdir(), "lading-reader-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = { memoryLimit: "256MB", threads: 1, readOnly: false };

async function read(sql: string, parameters: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const path = join(folder, "x.duckdb");
  await using client = await duckdbClient(await openDatabase(path, settings), path, "d");
  const rows: Record<string, unknown>[] = [];
  for await (const batch of client.reader().query(sql, parameters)) rows.push(...batch);
  return rows;
}

test("gives cells as ordinary values, decimals and dates as text with every digit", async () => {
  const [row] = await read(
    `SELECT 1::BIGINT AS i, 12.345678901234567::DECIMAL(38,15) AS dec, DATE '2024-01-31' AS d, TIME '10:00:00.5' AS t,
     TIMESTAMPTZ '2024-01-31 10:00:00.123+02' AS ts, TIMESTAMP '2024-01-31 10:00:00' AS naive, '{"a":[1]}'::JSON AS j,
     'ab'::BLOB AS b, NULL AS n, 1.5::DOUBLE AS f, true AS yes`,
  );
  expect(row).toEqual({
    i: 1n,
    dec: "12.345678901234567",
    d: "2024-01-31",
    t: "10:00:00.5",
    ts: new Date("2024-01-31T08:00:00.123Z"),
    naive: new Date("2024-01-31T10:00:00Z"),
    j: { a: [1] },
    b: Uint8Array.of(97, 98),
    n: null,
    f: 1.5,
    yes: true,
  });
});

test("binds dates and bytes as parameters", async () => {
  const at = new Date("2024-01-31T08:00:00.123Z");
  expect(
    await read("SELECT $1 = TIMESTAMPTZ '2024-01-31 08:00:00.123Z' AS same, $2 = 'ab'::BLOB AS bytes", [
      at,
      Uint8Array.of(97, 98),
    ]),
  ).toEqual([{ same: true, bytes: true }]);
});

test("can be left in the middle of a result, again and again, and closes all the same", async () => {
  const path = join(folder, "y.duckdb");
  for (let round = 0; round < 20; round++) {
    const client = await duckdbClient(await openDatabase(path, settings), path, "d");
    for await (const [first] of client.reader().query("SELECT range AS n FROM range(1000000)", [])) {
      expect(first).toEqual({ n: 0n });
      break;
    }
    for await (const [only] of client.reader().query("SELECT count(*) AS n FROM range(10)", [])) {
      expect(only).toEqual({ n: 10n });
      break;
    }
    await client.close();
  }
});

test("says what the engine refused", async () => {
  await expect(read("SELECT * FROM nowhere")).rejects.toMatchObject({ code: "DESTINATION_FAILED" });
});
