import { describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import { RowFile } from "../load-package/row-file.ts";
import { newSchema } from "../schema/new-schema.ts";
import { createNaming } from "../schema/naming/index.ts";
import type { ColumnSchema } from "../schema/schema.ts";
import { cachedNames } from "./names.ts";
import { Normalizer } from "./normalizer.ts";

/** The row file of `t` after these rows. */
function normalized(rows: readonly unknown[], columns: readonly ColumnSchema[] = []): string {
  const schema = newSchema("s");
  schema.tables.set("t", {
    name: "t",
    columns: new Map(columns.map((column) => [column.name, column])),
    write_disposition: "append",
    resource: "t",
  });
  const file = new RowFile("t", "t");
  new Normalizer({
    schema,
    names: cachedNames(createNaming("snake_case"), schema.normalizers),
    file: (table) => (table === "t" ? file : new RowFile("t", table)),
    rootTable: "t",
    onChange: () => {},
  }).normalize({ rows });
  const cells = file.columns.indexOf("x");
  const text = Buffer.from(file.buffer.bytes.subarray(0, file.buffer.length)).toString();
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[cells])
    .join();
}

function failure(rows: readonly unknown[], columns: readonly ColumnSchema[] = []): LadingError {
  try {
    normalized(rows, columns);
  } catch (error) {
    if (LadingError.is(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

describe("rows that are no plain objects, among plain ones", () => {
  test("are read as what they are, not as objects without keys", () => {
    const bare = Object.assign(Object.create(null) as object, { x: 4 });
    expect(normalized([{ x: 1 }, new Map([["x", 2]]), { toJSON: () => ({ x: 3 }) }, bare])).toBe("1,2,3,4");
  });

  test.each([Promise.resolve({ x: 1 }), new Set([1]), /x/])("are refused where they are no data", (row) => {
    expect(() => normalized([{ x: 1 }, row])).toThrow("which is not data");
  });
});

describe("a value that no column takes", () => {
  test.each([new Date(-62_198_755_200_000), new Date(253_402_300_800_000)])("is refused with its row", (x) => {
    expect(failure([{ x: 1 }, { y: x }])).toMatchObject({ code: "CANNOT_COERCE", details: { row: 1, column: "y" } });
    expect(failure([{ x: new Date(0) }, { x }])).toMatchObject({ code: "CANNOT_COERCE", details: { row: 1 } });
  });
});

describe("a row without a value that it must have", () => {
  const key: ColumnSchema = { name: "id", nullable: false, primary_key: true };
  test.each<[what: string, rows: readonly unknown[], row: number]>([
    ["missing after rows that have it", [{ id: 1 }, { x: 2 }], 1],
    ["missing on the plan's way", [{ id: 1, x: 1 }, { id: 2, x: 2 }, { x: 3 }], 2],
    ["missing before any row has it", [{ x: 2 }, { id: 1 }], 0],
    ["of another type, which would go beside it", [{ id: 1 }, { id: "one" }], 1],
  ])("%s", (_, rows, row) => {
    expect(failure(rows, [key])).toMatchObject({ code: "NULL_NOT_ALLOWED", details: { row, column: "id" } });
  });
});
