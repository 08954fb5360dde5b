import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { destination, incremental, pipeline, resource, source, type Batch, type Destination } from "../../src/index.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { noSettings, place } from "./place.ts";

/** A destination that keeps what it is given. */
function keeping(options: { readonly batchSize?: number; readonly withSystemColumns?: boolean } = {}): {
  readonly destination: Destination;
  readonly batches: Batch[];
} {
  const batches: Batch[] = [];
  return { batches, destination: destination({ name: "own", write: (batch) => void batches.push(batch), ...options }) };
}

const numbers = (count: number): readonly { readonly n: number }[] => Array.from({ length: count }, (_, n) => ({ n }));

describe("rows that arrive", () => {
  test("look as they looked: names as they were, objects and lists whole, values typed", async () => {
    await using p = await place();
    const { destination: own, batches } = keeping();
    const rows = [
      {
        id: 1,
        "E-Mail": "ines@example.com",
        Größe: 1.5,
        isActive: true,
        tags: ["a", { b: 1 }],
        address: { city: "Łódź", Lines: [1, 2] },
        seen: new Date("2026-03-01T10:00:00.250Z"),
        since: "2026-03-01T10:00:00+02:00",
        big: 9_007_199_254_740_993n,
        bytes: Uint8Array.of(1, 255),
        empty: "",
        lines: 'a\t"b"\r\nc',
      },
      { id: 2, "E-Mail": null, extra: "came later" },
    ];
    await p.run(resource("People", rows), own);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.rows).toEqual([
      { ...rows[0], since: new Date("2026-03-01T08:00:00Z"), extra: null },
      Object.fromEntries([...Object.keys(rows[0]!).map((name) => [name, null]), ["id", 2], ["extra", "came later"]]),
    ]);
    expect(batches[0]?.table).toEqual({
      name: "People",
      parent: undefined,
      writeDisposition: "append",
      primaryKey: [],
      columns: [
        { name: "id", dataType: "bigint", nullable: true },
        { name: "E-Mail", dataType: "text", nullable: true },
        { name: "Größe", dataType: "double", nullable: true },
        { name: "isActive", dataType: "bool", nullable: true },
        { name: "tags", dataType: "json", nullable: true },
        { name: "address", dataType: "json", nullable: true },
        { name: "seen", dataType: "timestamp", nullable: true },
        { name: "since", dataType: "timestamp", nullable: true },
        { name: "big", dataType: "bigint", nullable: true },
        { name: "bytes", dataType: "binary", nullable: true },
        { name: "empty", dataType: "text", nullable: true },
        { name: "lines", dataType: "text", nullable: true },
        { name: "extra", dataType: "text", nullable: true },
      ],
    });
  });

  test("have the values that a dataset gives", async () => {
    await using p = await place();
    const { destination: own, batches } = keeping();
    const typed = resource(
      {
        name: "typed",
        columns: {
          price: { dataType: "decimal", precision: 20, scale: 4 },
          day: { dataType: "date" },
          hour: { dataType: "time" },
          local: { dataType: "timestamp", timezone: false },
          small: { dataType: "bigint", precision: 16 },
          wei: { dataType: "wei" },
        },
      },
      [
        {
          price: "12.3456",
          day: "2024-02-29",
          hour: "23:59:01.5",
          local: "2024-01-02T03:04:05.678901",
          small: -7,
          wei: 10n ** 20n,
          x: 0.1,
          at: "1969-12-31T23:59:59.999Z",
          no: false,
          huge: 2n ** 60n,
        },
        { price: null, x: -1e-300, at: "2024-01-02 03:04:05Z", huge: 1 },
      ],
    );
    await p.run(typed, own);
    const database = pipeline({
      name: "other",
      source: typed,
      destination: duckdb(join(p.home, "x.duckdb")),
      dataset: "d",
      workingFolder: p.home,
    });
    await database.run({ config: noSettings });
    // Integers of 16 bits are numbers in any case; what counts here is that no digit is lost.
    const whole = (value: unknown): unknown => (typeof value === "number" ? BigInt(value) : value);
    const comparable = (row: object): unknown => {
      const { _dlt_id, _dlt_load_id, small, huge, ...rest } = row as Record<string, unknown>;
      return { ...rest, small: whole(small), huge: whole(huge) };
    };
    const read: unknown[] = [];
    for await (const row of database.dataset({ integers: "bigint" }).table("typed")) read.push(comparable(row));
    expect(batches[0]?.rows.map(comparable)).toEqual(read);
  });

  test("come in batches of a size, over the edges of row files, each table for itself", async () => {
    await using p = await place();
    const { destination: own, batches } = keeping({ batchSize: 4 });
    // A column that comes later begins a new file.
    const a = resource("a", () => [[...numbers(3), { n: 3, later: 1 }], [...numbers(6)]]);
    const { loads } = await p.run(source("s", [a, resource("b", numbers(5))]), own);
    const seen = batches
      .toSorted((x, y) => x.table.name.localeCompare(y.table.name))
      .map(({ table, rows, batch }) => [table.name, rows.length, batch]);
    expect(seen).toEqual([
      ["a", 4, 1],
      ["a", 4, 2],
      ["a", 2, 3],
      ["b", 4, 4],
      ["b", 1, 5],
    ]);
    expect(batches.map(({ loadId }) => loadId)).toEqual(Array(5).fill(loads[0]?.loadId));
    expect(batches.flatMap(({ rows }) => rows).map((row) => row["n"])).toEqual([
      0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4,
    ]);
  });

  test("have dlt's own columns where they are wanted", async () => {
    await using p = await place();
    const { destination: own, batches } = keeping({ withSystemColumns: true });
    const { loads } = await p.run(resource("t", [{ n: 1 }]), own);
    expect(batches[0]?.rows).toEqual([
      { n: 1, _dlt_load_id: loads[0]?.loadId, _dlt_id: expect.stringMatching(/^\S{14}$/) as string },
    ]);
  });

  test("are nested where the source asks for it, parents first", async () => {
    await using p = await place();
    const { destination: own, batches } = keeping({ withSystemColumns: true });
    await p.run(source("s", [resource("t", [{ n: 1, items: [{ x: { deep: 1 } }] }])], { maxTableNesting: 1 }), own);
    expect(batches.map(({ table }) => [table.name, table.parent])).toEqual([
      ["t", undefined],
      [expect.stringContaining("items"), "t"],
    ]);
    expect(batches[1]?.rows[0]).toMatchObject({ x: { deep: 1 }, _dlt_parent_id: batches[0]?.rows[0]?.["_dlt_id"] });
  });

  test("come with the write disposition and the key; what it means is the function's business", async () => {
    await using p = await place();
    const { destination: own, batches } = keeping();
    const merged = resource({ name: "t", writeDisposition: "merge", primaryKey: ["a", "b"] }, [{ a: 1, b: 2, c: 3 }]);
    await p.run(merged, own);
    expect(batches[0]?.table).toMatchObject({ writeDisposition: "merge", primaryKey: ["a", "b"] });
    await p.run(resource({ name: "u", writeDisposition: "replace" }, [{ a: 1 }]), own);
    expect(batches[1]?.table).toMatchObject({ name: "u", writeDisposition: "replace" });
  });
});

describe("what is remembered between runs", () => {
  test("is the state: a cursor goes on where it stood, and where nothing is new nothing is sent", async () => {
    await using p = await place();
    const { destination: own, batches } = keeping();
    const data: { readonly id: number; readonly at: string }[] = [{ id: 1, at: "2026-01-01T00:00:00Z" }];
    const starts: unknown[] = [];
    const changes = resource({ name: "changes", incremental: incremental("at") }, ({ cursor }) => {
      starts.push(cursor.start);
      return [data];
    });
    await p.run(changes, own);
    data.push({ id: 2, at: "2026-01-02T00:00:00Z" });
    await p.run(changes, own);
    expect((await p.run(changes, own)).kind).toBe("nothing");
    expect(batches.flatMap(({ rows }) => rows).map((row) => row["id"])).toEqual([1, 2]);
    expect(starts).toEqual([undefined, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]);
  });

  test("is the schema: a column keeps its type", async () => {
    await using p = await place();
    const { destination: own, batches } = keeping();
    await p.run(resource("t", [{ n: 1.5 }]), own);
    await p.run(resource("t", [{ n: 2 }]), own);
    expect(batches[1]?.table.columns).toEqual([{ name: "n", dataType: "double", nullable: true }]);
  });

  test("says in the summary how much went, and not what is at the other end", async () => {
    await using p = await place();
    const own = destination({ name: "crm", location: "https://crm.example", write: () => {} });
    const text = String(await p.run(resource("t", [{ n: 1 }]), own));
    expect(text).toContain("into crm (https://crm.example), dataset d");
    expect(text).toMatch(/t {2}1 rows$/m);
  });
});
