import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resource } from "../../src/resource/index.ts";
import { place, type PlaceOptions } from "./place.ts";
import { generated, rowsOf } from "./rows-of.ts";

describe("a dataset", () => {
  test.each<[what: string, options: PlaceOptions, schema: string]>([
    ["called after the file", { file: "bench.duckdb", dataset: "bench" }, "bench"],
    ["called after the file, without an ending of DuckDB's", { file: "bench.db", dataset: "bench" }, "bench"],
    ["in a file called after a schema", { file: "main.duckdb", dataset: "d" }, "d"],
    ["in a file called like DuckDB's own database", { file: "temp.duckdb", dataset: "d" }, "d"],
    ["in a file with a quote and blanks", { file: `it's "mine" 1.duckdb`, dataset: "d" }, "d"],
    ["with capitals and blanks", { dataset: "My Data" }, "my_data"],
    ["with letters beyond ASCII", { dataset: "Größe" }, "gr_e"],
    ["that is a reserved word", { dataset: "select" }, "select"],
    ["called main", { dataset: "main" }, "main"],
    ["of two hundred letters", { dataset: "x".repeat(200) }, "x".repeat(200)],
  ])("%s is loaded twice", async (_, options, schema) => {
    await using p = await place(options);
    await p.run(rowsOf([{ id: 1, l: [1] }], { writeDisposition: "merge", primaryKey: "id" }));
    await p.run(rowsOf([{ id: 1, l: [2] }, { id: 2 }], { writeDisposition: "merge", primaryKey: "id" }));
    expect(await p.sql("SELECT DISTINCT schema_name FROM duckdb_tables()")).toEqual([[schema]]);
    expect(await p.sql("SELECT count(*) FROM duckdb_tables()")).toEqual([["5"]]);
  });

  test.each(["information_schema", "pg_catalog", "PG_CATALOG"])(
    "called %s is refused before anything is read",
    async (dataset) => {
      await using p = await place({ dataset });
      let reads = 0;
      expect(await p.failure(generated(() => (reads++, [{ id: 1 }])))).toMatchObject({ code: "INVALID_ARGUMENT" });
      expect(reads).toBe(0);
    },
  );

  test.each(["", "  "])('called "%s" is refused', async (dataset) => {
    await using p = await place({ dataset });
    expect(await p.failure(rowsOf([{ id: 1 }]))).toMatchObject({ code: "NAME_EMPTY" });
  });
});

describe("a table", () => {
  test.each([
    ["select", "select"],
    ["Two Words", "two_words"],
    ["a.b", "a_b"],
    ['q"uote', "q_uote"],
    ["x".repeat(500), "x".repeat(500)],
  ])("called %s is loaded twice", async (name, table) => {
    await using p = await place();
    const source = resource(name, () => [{ id: 1, select: 2, l: [1] }]);
    await p.run(source);
    await p.run(source);
    expect(await p.sql(`SELECT id, "select" FROM d."${table}"`)).toEqual([
      ["1", "2"],
      ["1", "2"],
    ]);
    expect(await p.sql(`SELECT count(*) FROM d."${table}__l"`)).toEqual([["2"]]);
  });

  test("without a name is refused, and nothing is opened", async () => {
    await using p = await place();
    expect(() => resource(" ", [])).toThrow(expect.objectContaining({ code: "NAME_EMPTY" }) as Error);
    expect(await p.failure(rowsOf([{ id: 1 }], { tableName: "  " }))).toMatchObject({ code: "NAME_EMPTY" });
    await p.run(rowsOf([{ id: 1 }]));
  });

  test("that is one of dlt's own is refused before anything is read", async () => {
    await using p = await place();
    let reads = 0;
    for (const tableName of ["_dlt_loads", "_dlt_version", "_dlt_mine"]) {
      const error = await p.failure(generated(() => (reads++, [{ id: 1 }]), { tableName }));
      expect(error).toMatchObject({ code: "INVALID_ARGUMENT", details: { table: tableName } });
    }
    expect(reads).toBe(0);
  });

  test("of names that come from keys: very long, and reserved", async () => {
    await using p = await place();
    const long = "k".repeat(1000);
    await p.run(rowsOf([{ order: 1, "": 2, [long]: 3, "Ä b": 4 }]));
    expect(await p.sql(`SELECT "order", "${long}" FROM d.t`)).toEqual([["1", "3"]]);
  });
});

test("a working folder with characters that mean something to DuckDB", async () => {
  await using p = await place({ home: join("a*b [c] it's ?", "{d,e}") });
  await p.run(rowsOf([{ id: 1 }]));
  expect(await p.sql("SELECT id FROM d.t")).toEqual([["1"]]);
});
