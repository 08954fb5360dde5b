import { expect, test } from "vitest";
import { createNaming } from "../schema/naming/index.ts";
import type { WriteDisposition } from "../resource/write-disposition.ts";
import type { TableSchema } from "../schema/schema.ts";
import { declareDisposition, dispositionFromDlt } from "./declare-disposition.ts";
import { cachedNames } from "./names.ts";

const names = cachedNames(createNaming("snake_case", undefined));

function declared(disposition: WriteDisposition): TableSchema {
  const table: TableSchema = { name: "t", columns: new Map() };
  declareDisposition(table, disposition, "t", names);
  return table;
}

test("a history is stored with its columns, named as the schema names them", () => {
  const table = declared({
    disposition: "merge",
    strategy: "scd2",
    validityColumnNames: ["ValidFrom", "ValidTo"],
    boundaryTimestamp: new Date("2026-01-31T00:00:00Z"),
    activeRecordTimestamp: "9999-12-31",
  });
  expect(table).toEqual({
    name: "t",
    write_disposition: "merge",
    "x-merge-strategy": "scd2",
    "x-boundary-timestamp": "2026-01-31T00:00:00+00:00",
    columns: new Map<string, unknown>([
      ["valid_from", { name: "valid_from", data_type: "timestamp", nullable: true, "x-valid-from": true }],
      [
        "valid_to",
        {
          name: "valid_to",
          data_type: "timestamp",
          nullable: true,
          "x-valid-to": true,
          "x-active-record-timestamp": "9999-12-31",
        },
      ],
      ["_dlt_id", { name: "_dlt_id", nullable: false, "x-row-version": true, unique: false, row_key: false }],
    ]),
  });
});

test("options are stored under dlt's names, and only where they are set", () => {
  const table = declared({
    disposition: "merge",
    strategy: "upsert",
    sourceFilter: "v > 1",
    skipUnchangedRows: true,
    rowVersionColumnName: "updatedAt",
  });
  expect(table).toEqual({
    name: "t",
    write_disposition: "merge",
    "x-merge-strategy": "upsert",
    "x-merge-source-filter": "v > 1",
    "x-merge-skip-unchanged-rows": true,
    columns: new Map([["updated_at", { name: "updated_at", nullable: false, "x-row-version": true }]]),
  });
  expect(declared({ disposition: "merge", strategy: "cdc", skipUnchangedRows: false })).not.toHaveProperty(
    "x-merge-skip-unchanged-rows",
  );
  expect(declared({ disposition: "replace", strategy: "insert-from-staging" })).toEqual({
    name: "t",
    write_disposition: "replace",
    columns: new Map(),
  });
});

test("a boundary that is null takes an earlier one back", () => {
  const table = declared({ disposition: "merge", strategy: "scd2", boundaryTimestamp: null });
  expect(table["x-boundary-timestamp"]).toBeNull();
});

test("a disposition may be written as dlt writes it", () => {
  expect(dispositionFromDlt("append")).toBe("append");
  expect(dispositionFromDlt({ disposition: "merge", strategy: "scd2", boundary_timestamp: null })).toEqual({
    disposition: "merge",
    strategy: "scd2",
    boundaryTimestamp: null,
  });
});
