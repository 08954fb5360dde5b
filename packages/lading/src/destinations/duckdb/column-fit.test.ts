import { describe, expect, test } from "vitest";
import { columnFits } from "./column-fit.ts";

describe("a column that was changed by hand", () => {
  test.each([
    ["BIGINT", "BIGINT"],
    ["SMALLINT", "BIGINT"],
    ["BIGINT", "HUGEINT"],
    ["INTEGER", "DECIMAL(38,9)"],
    ["BIGINT", "VARCHAR"],
    ["TIMESTAMP WITH TIME ZONE", "VARCHAR"],
    ["JSON", "VARCHAR"],
    ["VARCHAR", "JSON"],
    ["DECIMAL(10,2)", "DECIMAL(38,9)"],
    ["TIMESTAMP_MS", "TIMESTAMP"],
  ])("takes a %s as %s", (wanted, found) => expect(columnFits(wanted, found)).toBe(true));

  test.each([
    ["BIGINT", "INTEGER"],
    ["DOUBLE", "BIGINT"],
    ["DOUBLE", "DECIMAL(38,9)"],
    ["BIGINT", "DOUBLE"],
    ["VARCHAR", "BIGINT"],
    ["DECIMAL(38,9)", "DECIMAL(38,2)"],
    ["DECIMAL(38,9)", "DOUBLE"],
    ["BIGINT", "DECIMAL(18,0)"],
    ["TIMESTAMP WITH TIME ZONE", "DATE"],
    ["TIMESTAMP WITH TIME ZONE", "TIMESTAMP"],
    ["TIMESTAMP", "TIMESTAMP_MS"],
    ["BLOB", "VARCHAR"],
    ["BIGINT", "JSON"],
  ])("would not keep a %s as %s", (wanted, found) => expect(columnFits(wanted, found)).toBe(false));
});
