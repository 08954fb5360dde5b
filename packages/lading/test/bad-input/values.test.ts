import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { page, type ResourceHints } from "../../src/resource/index.ts";
import { parseExact, parseFast } from "../../src/util/json.ts";
import type { Exact } from "../../src/util/exact.ts";
import { place } from "./place.ts";
import { generated, merged, rowsOf } from "./rows-of.ts";

/** The table `t` after a run with these rows, without dlt's columns. */
async function stored(
  rows: unknown,
  hints: ResourceHints = {},
  select = "* EXCLUDE (_dlt_load_id, _dlt_id)",
): Promise<unknown[][]> {
  await using p = await place();
  await p.run(rowsOf(rows, hints));
  return await p.sql(`SELECT ${select} FROM d.t`);
}

describe("values at the edge load as they are", () => {
  test("numbers that are none", async () => {
    expect(await stored([{ a: Number.NaN, b: Infinity, c: -Infinity, d: -0 }])).toEqual([
      ["NaN", "Infinity", "-Infinity", "0"],
    ]);
    expect(await stored([{ a: 1 }, { a: Number.NaN }])).toEqual([
      ["1", null],
      [null, "NaN"],
    ]);
  });

  test("1e400 in JSON text", async () => {
    await using p = await place();
    const text = '[{"a": 1e400}, {"a": -1e400}]';
    await p.run(rowsOf([page({ rows: parseFast(text) as unknown[], exact: () => parseExact(text) as Exact[] })]));
    expect(await p.sql("SELECT a FROM d.t")).toEqual([["Infinity"], ["-Infinity"]]);
  });

  test("integers of 64 bits, of 38 digits, and beyond", async () => {
    const exact = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 10n ** 38n - 1n, 10n ** 38n, 10n ** 80n];
    expect(await stored([Object.fromEntries(exact.map((value, index) => [`c${index}`, value]))])).toEqual([
      exact.map(String),
    ]);
  });

  test("a fraction in a column of integers beyond 64 bits goes beside it", async () => {
    expect(await stored([{ a: 2n ** 63n }, { a: "3.5" }, { a: 0.5 }, { a: "7" }])).toEqual([
      [String(2n ** 63n), null, null],
      [null, "3.5", null],
      [null, null, 0.5],
      ["7", null, null],
    ]);
  });

  test("decimals as declared, and those that do not fit beside them", async () => {
    const columns = { a: { dataType: "decimal" }, b: { dataType: "decimal", precision: 5, scale: 2 } } as const;
    const rows = [
      { a: "12345678901234567890123456789.123456789", b: "999.99" },
      { a: "1", b: "1000.00" },
    ];
    expect(await stored(rows, { columns })).toEqual([
      ["12345678901234567890123456789.123456789", "999.99", null],
      ["1.000000000", null, "1000.00"],
    ]);
  });

  test("the first and the last year, and days that are none stay text", async () => {
    const rows = [{ a: "0001-01-01T00:00:00Z", b: "9999-12-31T23:59:59.999999Z", c: "2024-02-30T00:00:00Z" }];
    expect(await stored(rows, {}, "a::VARCHAR, b::VARCHAR, c, typeof(c)")).toEqual([
      ["0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00", "2024-02-30T00:00:00Z", "VARCHAR"],
    ]);
  });

  test("text with everything in it; half characters become U+FFFD, NUL goes", async () => {
    const texts = [
      "",
      " ",
      'a"b',
      '"',
      "a\tb",
      "a\nb",
      "a\r\nb",
      "a\rb",
      "\\N",
      "\\",
      "NULL",
      "\\t",
      "#",
      "é€😀",
      "\u2028",
      "'; DROP TABLE t; --",
    ];
    expect(await stored(texts.map((a) => ({ a })))).toEqual(texts.map((text) => [text]));
    expect(await stored([{ a: "\ud800x", b: "y\udfff", c: "n\0l" }])).toEqual([["\ufffdx", "y\ufffd", "nl"]]);
  });

  test("text of three megabytes, quoted or not", async () => {
    expect(
      await stored(
        [
          { a: "x".repeat(3e6), b: 1 },
          { a: '"\n€'.repeat(1e6), b: 2 },
        ],
        {},
        "length(a), b",
      ),
    ).toEqual([
      ["3000000", "1"],
      ["3000000", "2"],
    ]);
  });

  test("text too large for DuckDB's memory: the error says what to raise, and then the package loads", async () => {
    await using p = await place();
    let reads = 0;
    const source = generated(() => (reads++, [{ a: "x".repeat(5e6) }]));
    const error = await p.with({ destination: { memoryLimit: "20MB" } }).failure(source);
    expect(error).toMatchObject({ code: "DESTINATION_FAILED", hint: expect.stringContaining("memoryLimit") as string });
    expect((await p.with({ destination: { memoryLimit: "512MB" } }).run(source)).kind).toBe("unfinished");
    expect(reads).toBe(1);
    expect(await p.sql("SELECT length(a) FROM d.t")).toEqual([["5000000"]]);
  });

  test("bytes", async () => {
    expect(
      await stored(
        [{ a: new Uint8Array([0, 255, 9, 10]), b: new Uint8Array(), c: Buffer.from("hi") }],
        {},
        "hex(a), hex(b), b IS NULL, hex(c)",
      ),
    ).toEqual([["00FF090A", "", false, "6869"]]);
  });

  test("strange content in a JSON column", async () => {
    const value = { 'k"': "\u0001\n\ud83d\ude00", big: 2n ** 70n, list: [null, [], {}], "": "" };
    expect(
      await stored([{ a: value }, { a: [] }, { a: null }], { columns: { a: { dataType: "json" } } }, "a::VARCHAR"),
    ).toEqual([['{"k\\"":"\\u0001\\n😀","big":1180591620717411303424,"list":[null,[],{}],"":""}'], ["[]"], [null]]);
  });

  test("two thousand columns", async () => {
    const row = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`c${index}`, index]));
    expect(await stored([row], {}, "c0, c1999")).toEqual([["0", "1999"]]);
  });

  test("three hundred levels of objects, and of lists", async () => {
    let objects: unknown = 1;
    for (let level = 0; level < 300; level++) objects = { a: objects };
    expect(await stored([objects])).toEqual([["1"]]);
    let lists: unknown = 1;
    for (let level = 0; level < 100; level++) lists = [lists];
    await using p = await place();
    await p.run(rowsOf([{ l: lists }]));
    expect(await p.sql("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 't%'")).toEqual([["101"]]);
  });
});

describe("rows that are no objects", () => {
  test("scalars go to a column value; null and undefined are no rows", async () => {
    expect(await stored([1, null, 2n, undefined, 3])).toEqual([["1"], ["2"], ["3"]]);
    expect(await stored(["a", "b"])).toEqual([["a"], ["b"]]);
    expect(await stored([new Date(0)], {}, "value::VARCHAR")).toEqual([["1970-01-01 00:00:00+00"]]);
  });

  test("an empty object is a row, and so is one with nothing but null", async () => {
    expect(await stored([{}, { a: null }], {}, "count(*)")).toEqual([["2"]]);
  });

  test("a Map, an instance of a class, an object without a prototype, one with toJSON", async () => {
    class Point {
      readonly x = 1;
      get hidden(): number {
        return 2;
      }
    }
    const bare = Object.assign(Object.create(null) as object, { x: 2 });
    expect(await stored([new Point()])).toEqual([["1"]]);
    expect(await stored([bare])).toEqual([["2"]]);
    expect(await stored([new Map([["x", 3]])])).toEqual([["3"]]);
    expect(await stored([{ toJSON: () => ({ x: 4 }) }])).toEqual([["4"]]);
  });

  test("keys that objects have by themselves", async () => {
    expect(
      await stored(
        [JSON.parse('{"__proto__": {"x": 1}, "constructor": 2, "toString": 3}')],
        {},
        "proto__x, constructor, to_string",
      ),
    ).toEqual([["1", "2", "3"]]);
  });

  test("a load id of the row's own gives way to that of the load, as in dlt", async () => {
    await using p = await place();
    const result = await p.run(rowsOf([{ a: 1, _dlt_load_id: "own" }]));
    expect(await p.sql("SELECT a, _dlt_load_id FROM d.t")).toEqual([["1", result.loads[0]!.loadId]]);
  });
});

describe("rows that hold what is no data", () => {
  const circular: Record<string, unknown> = { a: 1 };
  circular["self"] = circular;
  let deep: unknown = 1;
  for (let level = 0; level < 20_000; level++) deep = { a: deep };
  test.each<[what: string, row: unknown, says: string]>([
    ["a function", { a: () => 1 }, "value.a is a function"],
    ["a symbol", { a: Symbol("x") }, "value.a is a symbol"],
    ["a Set", { a: new Set() }, "value.a is Set"],
    ["a regular expression", { a: /x/ }, "value.a is RegExp"],
    ["a list of numbers of another kind", { a: new Float64Array(1) }, "value.a is Float64Array"],
    ["a date that is none", { a: new Date(Number.NaN) }, "value.a is an invalid date"],
    ["itself", circular, "value.self contains itself"],
    ["twenty thousand levels", deep, "is nested more than"],
    [
      "a getter that throws",
      {
        get a() {
          throw new Error("no value");
        },
      },
      "no value",
    ],
  ])("%s: the row is named, nothing is loaded, and after the repair everything is", async (_, row, says) => {
    await using p = await place();
    await p.run(rowsOf([{ a: 0 }]));
    const error = await p.failure(
      generated(function* () {
        yield [{ a: 1 }, { a: 2 }, row];
      }),
    );
    expect(error).toMatchObject({ code: "ROW_INVALID", details: { resource: "t", page: 1, row: 2 } });
    expect(error.message).toContain(says);
    expect(error.message).toContain("(resource t, page 1, row 3)");
    expect(error.message.length).toBeLessThan(500);
    expect(await p.sql("SELECT a FROM d.t")).toEqual([["0"]]);
    await p.run(
      generated(function* () {
        yield [{ a: 1 }, { a: 2 }];
      }),
    );
    expect(await p.sql("SELECT a FROM d.t ORDER BY a")).toEqual([["0"], ["1"], ["2"]]);
  });
});

describe("keys of merge without a value", () => {
  test("null: the row is named while it is read", async () => {
    await using p = await place();
    const error = await p.failure(rowsOf([{ id: 1 }, { id: null }], merged));
    expect(error).toMatchObject({ code: "NULL_NOT_ALLOWED", details: { column: "id", row: 1 } });
  });

  test("in no row: the first row is named", async () => {
    await using p = await place();
    expect(await p.failure(rowsOf([{ x: 1 }], merged))).toMatchObject({ code: "NULL_NOT_ALLOWED" });
    await p.run(rowsOf([{ id: 1, x: 1 }], merged), { fresh: true });
    expect(await p.sql("SELECT id FROM d.t")).toEqual([["1"]]);
  });

  test("missing in some rows: nothing of the load is visible, and --fresh is the way out", async () => {
    await using p = await place();
    await p.run(rowsOf([{ id: 0 }], merged));
    const error = await p.failure(rowsOf([{ id: 1 }, { x: 2 }], merged));
    expect(error).toMatchObject({ code: "NULL_NOT_ALLOWED", details: { column: "id" } });
    await p.run(rowsOf([{ id: 2 }], merged), { fresh: true });
    expect(await p.sql("SELECT id FROM d.t ORDER BY id")).toEqual([["0"], ["2"]]);
  });
});
