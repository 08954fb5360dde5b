import { checkDisposition } from "../resource/check-disposition.ts";
import type { Moment, Scd2, WriteDisposition } from "../resource/write-disposition.ts";
import type { MergeStrategy } from "../schema/merge-strategy.ts";
import type { ColumnSchema, TableSchema } from "../schema/schema.ts";
import { isoUtc } from "../util/json-text.ts";
import type { Names } from "./names.ts";

/** The hints of a merge, and how they are stored (spec dlt-1.31 5.1). Only what is set is stored, and stays until it is set anew. */
const tableHints = {
  strategy: "x-merge-strategy",
  deduplicated: "x-stage-data-deduplicated",
  sourceFilter: "x-merge-source-filter",
  destinationScope: "x-merge-destination-scope",
  skipUnchangedRows: "x-merge-skip-unchanged-rows",
} as const;

export function dispositionOf(disposition: WriteDisposition | undefined): "append" | "replace" | "merge" | "skip" {
  if (disposition === undefined) return "append";
  return typeof disposition === "string" ? disposition : disposition.disposition;
}

/** The strategy by which rows are merged; `undefined` where they are not. */
export function mergeStrategyIn(disposition: WriteDisposition | undefined): MergeStrategy | undefined {
  if (disposition === "merge") return "delete-insert";
  if (typeof disposition !== "object" || disposition.disposition !== "merge") return undefined;
  return disposition.strategy ?? "delete-insert";
}

/**
 * Puts what a write disposition says into a declared table, as dlt stores it: the disposition, the hints of its strategy,
 * and the columns that a history needs (spec dlt-core 8.6).
 *
 * @throws LadingError DISPOSITION_INVALID
 */
export function declareDisposition(
  table: TableSchema,
  disposition: WriteDisposition | undefined,
  resource: string,
  names: Names,
): void {
  checkDisposition(resource, disposition);
  table.write_disposition = dispositionOf(disposition);
  if (typeof disposition !== "object" || disposition.disposition !== "merge") return;
  const given = new Map<string, unknown>(Object.entries(disposition));
  const hints: Record<string, unknown> = table;
  for (const [option, hint] of Object.entries(tableHints)) {
    const value = given.get(option);
    if (value !== undefined && value !== null && value !== false) hints[hint] = value;
  }
  if (disposition.strategy === "scd2") declareHistory(table, disposition, names);
  else {
    const version = given.get("rowVersionColumnName");
    if (typeof version !== "string") return;
    const name = names.column(version);
    table.columns.set(name, { ...table.columns.get(name), name, nullable: false, "x-row-version": true });
  }
}

function declareHistory(table: TableSchema, disposition: Scd2, names: Names): void {
  const { boundaryTimestamp, activeRecordTimestamp, rowVersionColumnName = "_dlt_id" } = disposition;
  const [from, to] = disposition.validityColumnNames ?? ["_dlt_valid_from", "_dlt_valid_to"];
  if (boundaryTimestamp !== undefined) table["x-boundary-timestamp"] = stored(boundaryTimestamp);
  const declare = (given: string, hints: Omit<ColumnSchema, "name">): void => {
    const name = names.column(given);
    table.columns.set(name, { name, ...hints });
  };
  declare(from, { data_type: "timestamp", nullable: true, "x-valid-from": true });
  declare(to, {
    data_type: "timestamp",
    nullable: true,
    "x-valid-to": true,
    "x-active-record-timestamp": stored(activeRecordTimestamp ?? null),
  });
  // A row that was retired and came back has the id that it had: ids are not unique.
  declare(rowVersionColumnName, { nullable: false, "x-row-version": true, unique: false, row_key: false });
}

function stored(moment: Moment | null): string | null {
  return moment instanceof Date ? isoUtc(moment) : moment;
}

/** A write disposition as it stands in dlt's own snake_case documents. */
export function dispositionFromDlt(given: string | Readonly<Record<string, unknown>>): WriteDisposition {
  if (typeof given === "string") return given as WriteDisposition;
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as unknown as WriteDisposition;
}
