import { Buffer } from "node:buffer";

import type { DataType } from "../schema/data-type.ts";
import {
  CalendarDate,
  TimeOfDay,
  Timestamp,
  timestampFromSeconds,
  timestampOf,
  timestampOfDate,
} from "../schema/temporal.ts";
import { DecimalValue, type Value } from "../schema/values.ts";
import { ExactFloat } from "../util/exact.ts";
import { stringify } from "../util/json-text.ts";
import { floatRepr } from "../util/python.ts";
import { coerceText, utcDate } from "./coerce-text.ts";
import type { Present } from "./coerce-type.ts";

export { detect, inferColumn, typeOf, variantType } from "./coerce-type.ts";

/** Python divides decimals with 28 digits, and takes a longer whole one for none. */
const decimalContextDigits = 28;
/** More digits than any column of whole numbers has. */
const doubleDigits = 40;

/**
 * A value as one of another type, by dlt's table (spec dlt-core 3.5, dlt-1.31 1.7 and 1.8). Never throws: `undefined` means
 * that it does not fit, and that a variant column has to take it. Whether the result fits the *width* of its column is
 * not asked here, but by `cellText`. `null`, which only the text `null` in a `json` column gives, leaves the cell NULL.
 *
 * Where a number of the document goes into a decimal or an integer, all of its digits count, not those of its double.
 *
 * @param from the value's own type, `typeOf(value)`; `wei` for a decimal that is one
 */
export function coerce(value: Value, from: DataType, to: DataType): Value | undefined {
  if (value === null) return undefined;
  if (from === to) return value;
  if (typeof value === "string") return coerceText(value, to);
  if (to === "text") return textOf(value);
  if (typeof value === "bigint") return coerceInteger(value, to);
  if (value instanceof ExactFloat) return coerceDouble(value, to);
  if (value instanceof DecimalValue) return coerceDecimal(value, to);
  if (value instanceof CalendarDate) return to === "timestamp" ? timestampOf(value.days, 0) : undefined;
  const timestamp = value instanceof Date ? timestampOfDate(value) : value;
  return timestamp instanceof Timestamp && to === "date" ? utcDate(timestamp) : undefined;
}

/**
 * A timestamp as its column has it (spec dlt-1.31 1.7): in UTC, or, with `timezone: false`, the wall clock of UTC without an
 * offset. A naive value counts as UTC. A `Date` becomes a {@link Timestamp}; anything else comes back as it is.
 *
 * @param timezone the column's property; dlt's default is `true`
 */
export function normalizeTimestamp(value: Value, timezone: boolean): Value {
  const timestamp = value instanceof Date ? (timestampOfDate(value) ?? value) : value;
  if (!(timestamp instanceof Timestamp)) return timestamp;
  const offset = timezone ? 0 : undefined;
  return timestamp.offset === offset ? timestamp : new Timestamp(timestamp.instant, offset);
}

/** A value in Python's words: `True`, `1e+16`, `1.50`, ISO 8601, base64, compact JSON. */
function textOf(value: Exclude<Present, string>): string | undefined {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint" || value instanceof DecimalValue) return value.toString();
  if (value instanceof ExactFloat) return floatText(value);
  if (value instanceof Date) return timestampOfDate(value)?.toIso();
  if (value instanceof Timestamp || value instanceof CalendarDate || value instanceof TimeOfDay) return value.toIso();
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : stringify(value);
}

/** Python's `repr`; but the number as it was written where its double is another one. */
function floatText(value: ExactFloat): string {
  const repr = floatRepr(value.value);
  const written = DecimalValue.parse(value.text);
  return written === undefined || DecimalValue.parse(repr)?.equals(written) === true ? repr : value.text;
}

function coerceInteger(value: bigint, to: DataType): Value | undefined {
  switch (to) {
    case "bool":
      return value !== 0n;
    case "double":
      return finiteDouble(Number(value));
    case "decimal":
    case "wei":
      return DecimalValue.fromInteger(value);
    case "timestamp":
      return timestampFromSeconds(Number(value));
    case "date":
      return dateFromSeconds(Number(value));
    case "binary":
      return littleEndian(value);
    default:
      return undefined;
  }
}

function coerceDouble(value: ExactFloat, to: DataType): Value | undefined {
  switch (to) {
    case "bool":
      return value.value !== 0;
    case "bigint":
      return DecimalValue.parse(value.text)?.toInteger(doubleDigits);
    case "decimal":
    case "wei":
      return DecimalValue.parse(floatText(value));
    case "timestamp":
      return timestampFromSeconds(value.value);
    case "date":
      return dateFromSeconds(value.value);
    default:
      return undefined;
  }
}

function coerceDecimal(value: DecimalValue, to: DataType): Value | undefined {
  switch (to) {
    case "bool":
      return !value.isZero;
    case "bigint":
      return value.toInteger(decimalContextDigits);
    case "double":
      return value.special?.startsWith("s") === true ? undefined : new ExactFloat(value.toNumber());
    case "decimal":
    case "wei":
      return value;
    default:
      return undefined;
  }
}

function finiteDouble(value: number): ExactFloat | undefined {
  return Number.isFinite(value) ? new ExactFloat(value) : undefined;
}

function dateFromSeconds(seconds: number): CalendarDate | undefined {
  const timestamp = timestampFromSeconds(seconds);
  return timestamp === undefined ? undefined : utcDate(timestamp);
}

/** The fewest bytes that hold an unsigned integer, lowest first; none for 0. */
function littleEndian(value: bigint): Uint8Array | undefined {
  if (value < 0n) return undefined;
  if (value === 0n) return new Uint8Array(0);
  const hex = value.toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex").toReversed());
}
