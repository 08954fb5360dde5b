import { Buffer } from "node:buffer";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CalendarDate, isPlainIsoTimestamp, TimeOfDay, Timestamp, timestampOf } from "../schema/temporal.ts";
import { DecimalValue, type Value } from "../schema/values.ts";
import { ExactFloat } from "../util/exact.ts";
import { cellText, type CellColumn } from "./cell.ts";
import { coerce, normalizeTimestamp } from "./coerce.ts";

const decimal = (text: string): Value => DecimalValue.parse(text) ?? null;
const float = (value: number): ExactFloat => new ExactFloat(value);

describe("the text of a cell", () => {
  it.each<[value: Value, column: CellColumn, text: string]>([
    ["héllo\0 wörld", { dataType: "text" }, "héllo wörld"],
    ["a\ud800b\u{1f99a}", { dataType: "text" }, "a\ufffdb\u{1f99a}"],
    [-(2n ** 63n), { dataType: "bigint" }, "-9223372036854775808"],
    [2n ** 100n, { dataType: "bigint", precision: 128 }, "1267650600228229401496703205376"],
    [float(0.1), { dataType: "double" }, "0.1"],
    [float(-0), { dataType: "double" }, "0.0"],
    [float(1e22), { dataType: "double" }, "1e+22"],
    [float(Number.NaN), { dataType: "double" }, "nan"],
    [float(Number.NEGATIVE_INFINITY), { dataType: "double" }, "-inf"],
    [true, { dataType: "bool" }, "true"],
    [new Timestamp(1n, 0), { dataType: "timestamp" }, "1970-01-01 00:00:00.000001+00:00"],
    [new Timestamp(0n, 120), { dataType: "timestamp" }, "1969-12-31 22:00:00.000000+00:00"],
    [new Timestamp(0n, 120), { dataType: "timestamp", timezone: false }, "1969-12-31 22:00:00.000000"],
    [new Date(5), { dataType: "timestamp" }, "1970-01-01 00:00:00.005000+00:00"],
    [new CalendarDate(-719_162), { dataType: "date" }, "0001-01-01"],
    [new TimeOfDay(1_000_005), { dataType: "time" }, "00:00:01.000005"],
    [new TimeOfDay(0, 60), { dataType: "time" }, "23:00:00"],
    [decimal("1.2345678905"), { dataType: "decimal" }, "1.234567891"],
    [decimal("-1.005"), { dataType: "decimal", precision: 10, scale: 2 }, "-1.01"],
    [decimal("1E+3"), { dataType: "decimal" }, "1000"],
    [2n ** 70n, { dataType: "decimal", precision: 38, scale: 0 }, "1180591620717411303424"],
    [decimal("12.5"), { dataType: "wei" }, "13"],
    [decimal("12.5"), { dataType: "wei", precision: 156, scale: 78 }, "12.5"],
    [Uint8Array.of(0xde, 0xad), { dataType: "binary" }, "\\xdead"],
    [new Map<string, never[]>([["é\0", []]]), { dataType: "json" }, '{"é\\u0000":[]}'],
    ["x", { dataType: "json" }, '"x"'],
  ])("of %s in %j is %j", (value, column, text) => {
    expect(cellText(value, column)).toBe(text);
  });

  it.each<[value: Value, column: CellColumn]>([
    [2n ** 63n, { dataType: "bigint" }],
    [128n, { dataType: "bigint", precision: 8 }],
    [-32_769n, { dataType: "bigint", precision: 16 }],
    [decimal("99999999999999999999999999999.9999999996"), { dataType: "decimal" }],
    [decimal("NaN"), { dataType: "decimal" }],
    [decimal("100000000"), { dataType: "decimal", precision: 10, scale: 2 }],
    [10n ** 38n, { dataType: "decimal", precision: 38, scale: 0 }],
    [timestampOf(-719_162, 0, 60), { dataType: "timestamp" }],
    [new CalendarDate(2_932_897), { dataType: "date" }],
    [new Date(Number.NaN), { dataType: "timestamp" }],
    [null, { dataType: "json" }],
    [new Timestamp(0n), { dataType: "json" }],
    [1n, { dataType: "double" }],
    [float(1), { dataType: "bigint" }],
    ["true", { dataType: "bool" }],
    ["1", { dataType: "decimal" }],
    ["00", { dataType: "binary" }],
    ["2024-01-02", { dataType: "date" }],
    ["10:20", { dataType: "time" }],
    [1n, { dataType: "text" }],
  ])("is none for %s in %j: it does not fit", (value, column) => {
    expect(cellText(value, column)).toBeUndefined();
  });
});

describe("DuckDB reads the text of a cell to the same value", () => {
  let folder: string;
  let connection: DuckDBConnection;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lading-cell-"));
    connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
    await connection.run("SET TimeZone = 'UTC'");
  });
  afterAll(async () => {
    connection.closeSync();
    await rm(folder, { recursive: true });
  });

  /** The texts as cells of one column, cast to `type` on reading; `expression` of each `v`, in order. */
  async function read(texts: readonly string[], type: string, expression: string): Promise<readonly unknown[]> {
    const path = join(folder, "cells.csv");
    const lines = texts.map((text, index) => `${index},"${text.replaceAll('"', '""')}"\n`);
    await writeFile(path, lines.join(""));
    const reader = await connection.runAndReadAll(
      `SELECT ${expression} FROM read_csv('${path}', columns = {n: 'INTEGER', v: '${type}'}, header = false,
        auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '\\N', allow_quoted_nulls = false, new_line = '\\n') ORDER BY n`,
    );
    return reader.getRows().map((row) => row[0]);
  }

  function samples<T>(arbitrary: fc.Arbitrary<T>): readonly T[] {
    return fc.sample(arbitrary, { numRuns: 500 });
  }

  function cells(values: readonly Value[], column: CellColumn): readonly string[] {
    return values.map((value) => cellText(value, column) ?? "it does not fit");
  }

  it("integers", async () => {
    const values = [...samples(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), 0n, 2n ** 63n - 1n];
    expect(await read(cells(values, { dataType: "bigint" }), "BIGINT", "v")).toEqual(values);
  });

  it("doubles, to the last bit", async () => {
    const values = [...samples(fc.double()), Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1e22, -0];
    const expected = values.map((value) => (value === 0 ? 0 : value));
    expect(await read(cells(values.map(float), { dataType: "double" }), "DOUBLE", "v")).toEqual(expected);
  });

  const anyTimestamp = fc
    .tuple(fc.integer({ min: -719_161, max: 2_932_895 }), fc.integer({ min: 0, max: 86_399_999_999 }))
    .chain(([days, micros]) =>
      fc
        .option(fc.integer({ min: -1439, max: 1439 }), { nil: undefined })
        .map((offset) => timestampOf(days, micros, offset)),
    );

  it("timestamps, to the microsecond", async () => {
    const values = samples(anyTimestamp);
    const micros = values.map((value) => value.instant);
    expect(await read(cells(values, { dataType: "timestamp" }), "TIMESTAMPTZ", "epoch_us(v)")).toEqual(micros);
    const naive = cells(values, { dataType: "timestamp", timezone: false });
    expect(await read(naive, "TIMESTAMP", "epoch_us(v)")).toEqual(micros);
  });

  it("timestamps that are plain already, as they stand", async () => {
    const texts = samples(anyTimestamp)
      .flatMap((value) => [value.toIso(), value.toCell(), value.toIso().replace("+00:00", "Z")])
      .filter(isPlainIsoTimestamp);
    expect(texts.length).toBeGreaterThan(100);
    const micros = texts.map(
      (text) => (normalizeTimestamp(coerce(text, "text", "timestamp") ?? null, true) as Timestamp).micros,
    );
    expect(await read(texts, "TIMESTAMPTZ", "epoch_us(v)")).toEqual(micros);
  });

  it("dates and times of day", async () => {
    const days = [...samples(fc.integer({ min: -719_162, max: 2_932_896 }))];
    const dates = days.map((day) => new CalendarDate(day));
    expect(
      await read(cells(dates, { dataType: "date" }), "DATE", "date_diff('day', DATE '1970-01-01', v)::INTEGER"),
    ).toEqual(days);
    const micros = samples(fc.integer({ min: 0, max: 86_399_999_999 }));
    const times = micros.map((value) => new TimeOfDay(value));
    expect(await read(cells(times, { dataType: "time" }), "TIME", "epoch_us(v)")).toEqual(micros.map(BigInt));
  });

  it("decimals, rounded as it rounds itself", async () => {
    const values = samples(
      fc
        .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.integer({ min: -20, max: 4 }))
        .map(([negative, coefficient, exponent]) => new DecimalValue(negative, coefficient, exponent)),
    );
    const own = await read(cells(values, { dataType: "decimal" }), "DECIMAL(38,9)", "v::VARCHAR");
    const digits = values.map((value) => value.toPlain(400, 100) ?? "");
    expect(own).toEqual(await read(digits, "DECIMAL(38,9)", "v::VARCHAR"));
  });

  it("text, bytes, JSON and truth", async () => {
    const texts = samples(fc.string({ unit: "binary" })).map((text) => text.replaceAll("\0", ""));
    expect(await read(cells(texts, { dataType: "text" }), "VARCHAR", "v")).toEqual(texts);
    const bytes = samples(fc.uint8Array());
    expect(await read(cells(bytes, { dataType: "binary" }), "VARCHAR", "lower(hex(unhex(substr(v, 3))))")).toEqual(
      bytes.map((value) => Buffer.from(value).toString("hex")),
    );
    const json = samples(fc.string({ unit: "binary" })).map((text) => new Map([[text, text]]));
    expect(await read(cells(json, { dataType: "json" }), "JSON", "v::VARCHAR")).toEqual(
      cells(json, { dataType: "json" }),
    );
    expect(await read(cells([true, false], { dataType: "bool" }), "BOOLEAN", "v")).toEqual([true, false]);
  });
});
