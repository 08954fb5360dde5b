import type { DataType } from "../schema/data-type.ts";
import { CalendarDate, isPlainIsoTimestamp, parseIsoDateTime, TimeOfDay, Timestamp } from "../schema/temporal.ts";
import { DecimalValue, type Value } from "../schema/values.ts";
import { ExactFloat } from "../util/exact.ts";

/** A value that is not null. */
export type Present = Exclude<Value, null>;

/** What a new column becomes for a value. */
export interface InferredType {
  readonly dataType: DataType;
  /** Digits in all; only with `decimal`. */
  readonly precision?: number;
  /** Digits after the point; only with `decimal`. */
  readonly scale?: number;
}

/** What a variant column becomes for a value: its name ends in `__v_` and the suffix. */
export interface VariantType extends InferredType {
  /**
   * The value's own type. The column's may be another: dlt names the variant for a text with a timestamp in it `v_text`, and
   * makes it a timestamp.
   */
  readonly suffix: DataType;
}

/** Digits that a decimal of the destinations has, and how many of them stand after the point. */
export const defaultPrecision = 38;
export const defaultScale = 9;

const minBigint = -(2n ** 63n);
const maxBigint = 2n ** 63n - 1n;
const wholePrecision = 38;
const wholeLimit = 10n ** BigInt(wholePrecision);

/** The type that a value has by itself (spec dlt-core 3.2). A decimal is `decimal`, whether or not it came from a wei. */
export function typeOf(value: Present): DataType {
  switch (typeof value) {
    case "string":
      return "text";
    case "bigint":
      return "bigint";
    case "boolean":
      return "bool";
    default:
      return typeOfObject(value);
  }
}

function typeOfObject(value: Exclude<Present, string | bigint | boolean>): DataType {
  if (value instanceof ExactFloat) return "double";
  if (value instanceof Timestamp || value instanceof Date) return "timestamp";
  if (value instanceof DecimalValue) return "decimal";
  if (value instanceof CalendarDate) return "date";
  if (value instanceof TimeOfDay) return "time";
  return value instanceof Uint8Array ? "binary" : "json";
}

/**
 * What dlt's one default detector, `iso_timestamp`, makes of a value (spec dlt-core 3.7): `timestamp` for a text with a date
 * and a time, else nothing. A moment that leaves the years 1 to 9999 on its way to UTC is none; dlt fails there.
 */
export function detect(value: Value): DataType | undefined {
  if (typeof value !== "string") return undefined;
  if (isPlainIsoTimestamp(value)) return "timestamp";
  const timestamp = parseIsoDateTime(value);
  return timestamp !== undefined && timestamp.isRepresentable ? "timestamp" : undefined;
}

/**
 * The type of a new column for its first value: what is detected, else the value's own. A number that no column of its own
 * type holds (dlt fails at the database) gets a wider one: an integer beyond 64 bits `decimal(38, 0)`, and with more than
 * 38 digits `text`; a decimal that does not fit the default one, with NaN and the infinities, `text` as well.
 */
export function inferColumn(value: Present): InferredType {
  const detected = detect(value);
  if (detected !== undefined) return { dataType: detected };
  if (typeof value === "bigint") return inferInteger(value);
  if (value instanceof DecimalValue && value.toPlain(defaultPrecision, defaultScale) === undefined) {
    return { dataType: "text" };
  }
  return { dataType: typeOf(value) };
}

function inferInteger(value: bigint): InferredType {
  if (value >= minBigint && value <= maxBigint) return { dataType: "bigint" };
  if (value > -wholeLimit && value < wholeLimit) return { dataType: "decimal", precision: wholePrecision, scale: 0 };
  return { dataType: "text" };
}

/**
 * The variant column for a value that does not fit its column (spec dlt-core 3.6): as {@link inferColumn}, and the suffix of
 * its name. The suffix is the type of the value, or for a number that was given a wider column, of that column.
 */
export function variantType(value: Present): VariantType {
  const inferred = inferColumn(value);
  return { suffix: typeof value === "string" ? "text" : inferred.dataType, ...inferred };
}
