import { describe, expect, test } from "vitest";
import { resource } from "./define-resource.ts";
import { checkDisposition } from "./check-disposition.ts";
import type { WriteDisposition } from "./write-disposition.ts";

const refused = (disposition: unknown): (() => void) => {
  return () => checkDisposition("orders", disposition as WriteDisposition);
};

describe("a write disposition that says", () => {
  test.each<readonly [string, unknown]>([
    ["nothing", undefined],
    ["a word", "merge"],
    ["skip", "skip"],
    ["a replace strategy", { disposition: "replace", strategy: "insert-from-staging" }],
    ["a filter without a strategy", { disposition: "merge", sourceFilter: "v > 1" }],
    ["a filter with braces", { disposition: "merge", sourceFilter: "v = '{{}}'" }],
    [
      "a scope with placeholders",
      { disposition: "merge", destinationScope: "{table}.day IN (SELECT day FROM {staging_table})" },
    ],
    ["that nothing is to be skipped", { disposition: "merge", strategy: "insert-only", skipUnchangedRows: false }],
    [
      "all of a history",
      {
        disposition: "merge",
        strategy: "scd2",
        validityColumnNames: ["a", "b"],
        activeRecordTimestamp: "9999-12-31",
        boundaryTimestamp: new Date(0),
        rowVersionColumnName: "v",
      },
    ],
    ["that a boundary is forgotten", { disposition: "merge", strategy: "scd2", boundaryTimestamp: null }],
  ])("%s is taken", (_, disposition) => {
    expect(refused(disposition)).not.toThrow();
  });

  test.each<readonly [unknown, string]>([
    ["overwrite", 'there is no disposition "overwrite"'],
    [{ disposition: "merge", strategy: "scd1" }, 'there is no strategy "scd1"'],
    [{ disposition: "replace", strategy: "upsert" }, 'there is no strategy "upsert"'],
    [{ disposition: "append", strategy: "upsert" }, '"append" has no strategies'],
    [
      { disposition: "merge", strategy: "insert-only", sourceFilter: "v > 1" },
      '"sourceFilter" is for the strategies "delete-insert", "upsert", "scd2" and "cdc"',
    ],
    [{ disposition: "merge", strategy: "upsert", destinationScope: "v > 1" }, '"destinationScope" is for'],
    [{ disposition: "merge", boundaryTimestamp: "2026-01-01" }, '"boundaryTimestamp" is for the strategy "scd2"'],
    [{ disposition: "append", sourceFilter: "v > 1" }, '"sourceFilter" is for'],
    [
      { disposition: "merge", strategy: "upsert", boundary_timestamp: "2026-01-01" },
      'it has no option "boundary_timestamp"',
    ],
    [
      { disposition: "merge", strategy: "upsert", rowVersionColumnName: "v" },
      '"rowVersionColumnName" is only looked at with "skipUnchangedRows"',
    ],
    [
      { disposition: "merge", sourceFilter: "v = {table}" },
      '"sourceFilter": {table} is no placeholder (there are none here)',
    ],
    [{ disposition: "merge", destinationScope: "a = {" }, '"destinationScope": A brace stands alone'],
    [{ disposition: "merge", sourceFilter: " " }, '"sourceFilter" must be a text that is not blank'],
    [{ disposition: "merge", deduplicated: "yes" }, '"deduplicated" must be true or false'],
    [{ disposition: "merge", strategy: "scd2", validityColumnNames: ["a"] }, '"validityColumnNames" must be two names'],
    [
      { disposition: "merge", strategy: "scd2", validityColumnNames: ["a", "a"] },
      '"validityColumnNames" must be two names',
    ],
    [{ disposition: "merge", strategy: "scd2", boundaryTimestamp: "yesterday" }, '"boundaryTimestamp" is no timestamp'],
    [
      { disposition: "merge", strategy: "scd2", activeRecordTimestamp: new Date(Number.NaN) },
      '"activeRecordTimestamp" is no timestamp',
    ],
  ])("%j is DISPOSITION_INVALID", (disposition, message) => {
    expect(refused(disposition)).toThrow(
      expect.objectContaining({
        code: "DISPOSITION_INVALID",
        message: expect.stringContaining(`The write disposition of "orders": ${message}`) as string,
      }),
    );
  });

  test("what cannot be is refused when the resource is made", () => {
    const writeDisposition = { disposition: "merge", strategy: "upsret" } as unknown as WriteDisposition;
    expect(() => resource({ name: "orders", writeDisposition }, [])).toThrow(
      expect.objectContaining({ code: "DISPOSITION_INVALID", hint: 'Did you mean "upsert"?' }),
    );
  });
});
