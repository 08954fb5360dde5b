import { Buffer } from "node:buffer";

import type { DataType } from "../schema/data-type.ts";
import { CalendarDate, TimeOfDay, Timestamp } from "../schema/temporal.ts";
import { DecimalValue, type Value } from "../schema/values.ts";
import { ExactFloat } from "../util/exact.ts";
import { stringify } from "../util/json-text.ts";
import { defaultPrecision, defaultScale } from "./coerce-type.ts";
import { normalizeTimestamp } from "./coerce.ts";

/** What of a column decides on the text of its cells. */
export interface CellColumn {
  readonly dataType: DataType;
  /** `bigint`: bits (default 64); `decimal` and `wei`: digits (default 38). Of no account elsewhere. */
  readonly precision?: number;
  /** `decimal` (default 9) and `wei` (default 0): digits after the point. */
  readonly scale?: number;
  /** `timestamp`: default `true`. */
  readonly timezone?: boolean;
}

/**
 * The text of a value in a row file, which DuckDB (`read_csv`) and Postgres (`COPY`), with UTC as the zone of their session,
 * read to the same value of the column's type:
 *
 * - integers in digits; doubles in their shortest digits, `nan`, `inf`, `-inf`, and `0.0` for minus zero too
 * - decimals in plain digits, rounded half away from zero to the column's scale, as DuckDB does with dlt's
 * - timestamps `2024-01-02 03:04:05.000006+00:00` (without the offset where the column has no zone), dates and times ISO
 * - JSON compact, keys in their order
 * - binary as PostgreSQL writes it: `\x` and lower-case hexadecimal digits; DuckDB needs `unhex(substr(text, 3))`
 * - text as it is, a lone surrogate as U+FFFD, without NUL characters, which databases refuse (dlt removes them as well)
 *
 * Quoting is the file's business. `undefined`: the value does not fit the column (another type, an integer beyond the
 * column's bits, too many digits before the point, a moment outside the years 1 to 9999); a variant column has to take it.
 */
export function cellText(value: Value, column: CellColumn): string | undefined {
  switch (column.dataType) {
    case "text":
      return typeof value === "string" ? cleanText(value) : undefined;
    case "bigint":
      return typeof value === "bigint" ? integerText(value, column.precision ?? 64) : undefined;
    case "double":
      return value instanceof ExactFloat ? doubleText(value.value) : undefined;
    case "bool":
      return typeof value === "boolean" ? String(value) : undefined;
    case "timestamp":
      return timestampText(value, column.timezone ?? true);
    case "date":
      return value instanceof CalendarDate && value.isRepresentable ? value.toIso() : undefined;
    case "time":
      return value instanceof TimeOfDay ? value.toUtc().toIso() : undefined;
    case "decimal":
      return decimalText(value, column.precision ?? defaultPrecision, column.scale ?? defaultScale);
    case "wei":
      return decimalText(value, column.precision ?? defaultPrecision, column.scale ?? 0);
    case "binary":
      return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : undefined;
    case "json":
      return jsonText(value);
  }
}

function integerText(value: bigint, bits: number): string | undefined {
  return BigInt.asIntN(bits, value) === value ? value.toString() : undefined;
}

function doubleText(value: number): string {
  if (Number.isFinite(value)) return value === 0 ? "0.0" : String(value);
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

function decimalText(value: Value, precision: number, scale: number): string | undefined {
  const decimal = typeof value === "bigint" ? DecimalValue.fromInteger(value) : value;
  return decimal instanceof DecimalValue ? decimal.toPlain(precision, scale) : undefined;
}

function timestampText(value: Value, timezone: boolean): string | undefined {
  const timestamp = normalizeTimestamp(value, timezone);
  return timestamp instanceof Timestamp && timestamp.isRepresentable ? timestamp.toCell() : undefined;
}

function jsonText(value: Value): string | undefined {
  if (
    value instanceof Timestamp ||
    value instanceof CalendarDate ||
    value instanceof TimeOfDay ||
    value instanceof DecimalValue
  ) {
    return undefined;
  }
  return value === null ? undefined : stringify(value);
}

const lone = /\p{Surrogate}/gu;

function cleanText(text: string): string {
  const whole = text.includes("\0") ? text.replaceAll("\0", "") : text;
  return whole.replace(lone, "\ufffd");
}
