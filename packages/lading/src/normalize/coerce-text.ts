import { Buffer } from "node:buffer";

import type { DataType } from "../schema/data-type.ts";
import { pythonFloat, pythonHexInteger, pythonInteger } from "../schema/python-number.ts";
import { CalendarDate, parseIsoTime, parseTimestampLoose, TimeOfDay, type Timestamp } from "../schema/temporal.ts";
import { DecimalValue, type Value } from "../schema/values.ts";
import { type Exact, ExactFloat } from "../util/exact.ts";
import { JsonSyntaxError, parseExact } from "../util/json.ts";
import { stripPython } from "../util/python.ts";

const trueTexts: ReadonlySet<string> = new Set(["yes", "true", "t", "y", "1"]);
const falseTexts: ReadonlySet<string> = new Set(["no", "false", "f", "n", "0"]);

const base64Text = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;
const hexText = /^(?:[ \t\n\v\f\r]*[\dA-Fa-f]{2})*[ \t\n\v\f\r]*$/;
const hexSpace = /[ \t\n\v\f\r]+/g;

/** A text as a value of another type (spec dlt-core 3.5); `undefined` where it is none of that type. */
export function coerceText(text: string, to: DataType): Value | undefined {
  switch (to) {
    case "text":
      return text;
    case "bigint":
      return bigint(text);
    case "double":
      return double(text);
    case "decimal":
    case "wei":
      return decimal(text);
    case "bool":
      return bool(text);
    case "json":
      return json(text);
    case "timestamp":
      return parseTimestampLoose(text);
    case "date":
      return date(text);
    case "time":
      return time(text);
    case "binary":
      return binary(text);
  }
}

/** The day on which a moment falls in UTC; `undefined` outside the years 1 to 9999. */
export function utcDate(timestamp: Timestamp): CalendarDate | undefined {
  return timestamp.isRepresentable ? new CalendarDate(timestamp.utcDays) : undefined;
}

function bigint(text: string): bigint | undefined {
  const trimmed = stripPython(text);
  return trimmed.startsWith("0x") ? pythonHexInteger(trimmed.slice(2)) : pythonInteger(trimmed);
}

function double(text: string): ExactFloat | undefined {
  const trimmed = stripPython(text);
  if (!trimmed.startsWith("0x")) {
    const value = pythonFloat(trimmed);
    return value === undefined ? undefined : new ExactFloat(value);
  }
  // NaN where it is no number, as Number(undefined) is
  const value = Number(pythonHexInteger(trimmed.slice(2)));
  return Number.isFinite(value) ? new ExactFloat(value) : undefined;
}

function decimal(text: string): DecimalValue | undefined {
  const trimmed = stripPython(text);
  if (!trimmed.startsWith("0x")) return DecimalValue.parse(trimmed);
  const value = pythonHexInteger(trimmed.slice(2));
  return value === undefined ? undefined : DecimalValue.fromInteger(value);
}

function bool(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (trueTexts.has(lower)) return true;
  return falseTexts.has(lower) ? false : undefined;
}

function json(text: string): Value | undefined {
  try {
    const value = parseExact(text);
    return overflows(value) ? undefined : value;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** Whether there is a number in it that no double holds, and that JSON text would have to give up. */
function overflows(value: Exact): boolean {
  if (value instanceof ExactFloat) return !Number.isFinite(value.value);
  if (Array.isArray(value)) return value.some(overflows);
  return value instanceof Map && [...value.values()].some(overflows);
}

function date(text: string): CalendarDate | undefined {
  const timestamp = parseTimestampLoose(text);
  return timestamp === undefined ? undefined : utcDate(timestamp);
}

/** Naive, as dlt's columns of this type are. */
function time(text: string): TimeOfDay | undefined {
  return parseIsoTime(text)?.toUtc();
}

function binary(text: string): Uint8Array | undefined {
  if (!text.startsWith("0x")) {
    return base64Text.test(text) ? Uint8Array.from(Buffer.from(text, "base64")) : undefined;
  }
  const hex = text.slice(2);
  return hexText.test(hex) ? Uint8Array.from(Buffer.from(hex.replace(hexSpace, ""), "hex")) : undefined;
}
