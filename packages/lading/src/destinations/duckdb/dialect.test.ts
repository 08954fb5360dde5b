import { describe, expect, test } from "vitest";
import type { ColumnSchema } from "../../schema/schema.ts";
import { duckdbDialect } from "./dialect.ts";

const typeOf = (column: Omit<ColumnSchema, "name">): string => duckdbDialect.columnType({ name: "c", ...column });

describe("the type of a column in DuckDB", () => {
  test.each<readonly [Omit<ColumnSchema, "name">, string]>([
    [{ data_type: "bigint" }, "BIGINT"],
    [{ data_type: "bigint", precision: 8 }, "TINYINT"],
    [{ data_type: "bigint", precision: 16 }, "SMALLINT"],
    [{ data_type: "bigint", precision: 32 }, "INTEGER"],
    [{ data_type: "bigint", precision: 128 }, "HUGEINT"],
    [{ data_type: "decimal" }, "DECIMAL(38,9)"],
    [{ data_type: "wei" }, "DECIMAL(38,0)"],
    [{ data_type: "timestamp" }, "TIMESTAMP WITH TIME ZONE"],
    [{ data_type: "timestamp", timezone: false }, "TIMESTAMP"],
    [{ data_type: "timestamp", timezone: false, precision: 0 }, "TIMESTAMP_S"],
    [{ data_type: "timestamp", timezone: false, precision: 3 }, "TIMESTAMP_MS"],
    [{ data_type: "timestamp", timezone: false, precision: 9 }, "TIMESTAMP_NS"],
  ])("of %j is %s", (column, type) => expect(typeOf(column)).toBe(type));

  test("integers that it does not have are DISPOSITION_UNSUPPORTED", () => {
    expect(() => typeOf({ data_type: "bigint", precision: 256 })).toThrow(
      expect.objectContaining({
        code: "DISPOSITION_UNSUPPORTED",
        message: 'DuckDB has no integers of 256 bits (column "c").',
        hint: "Declare the column as decimal or text.",
      }),
    );
  });

  test("a column without one is COLUMN_WITHOUT_TYPE", () => {
    expect(() => typeOf({})).toThrow(expect.objectContaining({ code: "COLUMN_WITHOUT_TYPE" }));
  });
});

describe("names and texts", () => {
  test("cannot break out of their quotes", () => {
    expect(duckdbDialect.quote('a"; drop table b')).toBe('"a""; drop table b"');
    expect(duckdbDialect.literal("it's")).toBe("'it''s'");
  });
});
