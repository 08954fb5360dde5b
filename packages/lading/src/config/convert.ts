import { pythonFloat, pythonHexInteger, pythonInteger } from "../schema/python-number.ts";
import { CalendarDate, parseIsoTime, parseTimestampLoose } from "../schema/temporal.ts";
import { DecimalValue } from "../schema/values.ts";
import type { Json, JsonObject } from "../util/json-value.ts";
import { stripPython } from "../util/python.ts";

/** The types that a setting can be read as, and what they are in TypeScript. */
export interface SettingTypes {
  readonly text: string;
  /** A whole number within ±2^53. */
  readonly int: number;
  readonly float: number;
  /** Digits as text, as Python's `Decimal` writes them. */
  readonly decimal: string;
  readonly bool: boolean;
  /** A moment, to the millisecond; one without an offset is in UTC. A number is seconds since 1970. */
  readonly timestamp: Date;
  /** A day in UTC: `2024-01-02`. */
  readonly date: string;
  /** A time of day: `03:04:05`. */
  readonly time: string;
  /** A list; text is parsed as JSON. */
  readonly list: readonly Json[];
  /** An object, or a table in TOML; text is parsed as JSON. */
  readonly object: JsonObject;
  /** A list or an object. */
  readonly json: Json;
}

/** What each type is called in a message. */
export const settingDescriptions: Readonly<Record<keyof SettingTypes, string>> = {
  text: "a text",
  int: "a whole number",
  float: "a number",
  decimal: "a number",
  bool: "true or false",
  timestamp: "a date and time (ISO 8601)",
  date: "a date (ISO 8601)",
  time: "a time of day (ISO 8601)",
  list: "a list (JSON)",
  object: "an object (JSON)",
  json: "a list or an object (JSON)",
};

/**
 * A value of a setting as the type wanted; `undefined` where it does not fit. Texts follow dlt's table for settings
 * (spec dlt-core 3.5 and 10.4): bool takes yes/no, true/false, t/f, y/n, 1/0; numbers take Python's spelling. Numbers that
 * would lose a digit do not fit.
 */
export function convert<Type extends keyof SettingTypes>(value: unknown, type: Type): SettingTypes[Type] | undefined {
  const converter: (value: unknown) => SettingTypes[Type] | undefined = converters[type];
  // TOML's dates know how they were written.
  return converter(value instanceof Date ? value.toISOString() : value);
}

const converters: { readonly [Type in keyof SettingTypes]: (value: unknown) => SettingTypes[Type] | undefined } = {
  text: toText,
  int: toInteger,
  float: toFloat,
  decimal: toDecimal,
  bool: toBoolean,
  timestamp: toTimestamp,
  date: toDay,
  time: toTime,
  list: toList,
  object: toObject,
  json: toJson,
};

/** A float is refused because its digits may not be those that stand in the file. */
function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

function toInteger(value: unknown): number | undefined {
  const number = typeof value === "string" ? integerFromText(value) : numeric(value);
  return number !== undefined && Number.isSafeInteger(Number(number)) ? Number(number) : undefined;
}

function integerFromText(text: string): bigint | undefined {
  const trimmed = stripPython(text);
  return trimmed.startsWith("0x") ? pythonHexInteger(trimmed.slice(2)) : pythonInteger(trimmed);
}

function toFloat(value: unknown): number | undefined {
  const number = typeof value === "string" ? floatFromText(value) : numeric(value);
  return number === undefined ? undefined : Number(number);
}

function floatFromText(text: string): number | bigint | undefined {
  const trimmed = stripPython(text);
  return trimmed.startsWith("0x") ? pythonHexInteger(trimmed.slice(2)) : pythonFloat(trimmed);
}

function toDecimal(value: unknown): string | undefined {
  if (typeof value !== "string") return toText(numeric(value));
  const hex = stripPython(value).startsWith("0x") ? integerFromText(value) : undefined;
  return (hex === undefined ? DecimalValue.parse(value) : DecimalValue.fromInteger(hex))?.toString();
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") {
    const number = numeric(value);
    return number === undefined ? undefined : Number(number) !== 0;
  }
  const text = value.toLowerCase();
  if (["yes", "true", "t", "y", "1"].includes(text)) return true;
  return ["no", "false", "f", "n", "0"].includes(text) ? false : undefined;
}

function toTimestamp(value: unknown): Date | undefined {
  const timestamp = parseTimestampLoose(typeof value === "string" ? value : String(numeric(value)));
  return timestamp?.isRepresentable === true ? new Date(milliseconds(timestamp.instant)) : undefined;
}

/** Cut as Python cuts, towards the past. */
function milliseconds(micros: bigint): number {
  return Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n);
}

function toDay(value: unknown): string | undefined {
  const timestamp = parseTimestampLoose(typeof value === "string" ? value : String(numeric(value)));
  return timestamp?.isRepresentable === true ? new CalendarDate(timestamp.utcDays).toIso() : undefined;
}

function toTime(value: unknown): string | undefined {
  return typeof value === "string" ? parseIsoTime(value)?.toUtc().toIso() : undefined;
}

function toList(value: unknown): readonly Json[] | undefined {
  const json = toJson(value);
  return Array.isArray(json) ? (json as readonly Json[]) : undefined;
}

function toObject(value: unknown): JsonObject | undefined {
  const json = toJson(value);
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as JsonObject) : undefined;
}

function toJson(value: unknown): Json | undefined {
  if (typeof value !== "string") return typeof value === "object" && value !== null ? (value as Json) : undefined;
  try {
    const parsed: Json = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function numeric(value: unknown): number | bigint | undefined {
  return typeof value === "number" || typeof value === "bigint" ? value : undefined;
}
