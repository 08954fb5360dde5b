import type { Json } from "../util/json-value.ts";

/** The types that a setting can be read as, and what they are in TypeScript. */
export interface SettingTypes {
  readonly text: string;
  /** A whole number within ±2^53. */
  readonly int: number;
  readonly float: number;
  readonly bool: boolean;
  /** A list or an object; text is parsed as JSON. */
  readonly json: Json;
}

/**
 * A value of a setting as the type wanted; `undefined` where it does not fit. Texts follow dlt's table for settings
 * (spec dlt-core 3.5 and 10.4): bool takes yes/no, true/false, t/f, y/n, 1/0; int and float take Python's spelling.
 * Numbers that would lose a digit do not fit.
 */
export function convert<Type extends keyof SettingTypes>(value: unknown, type: Type): SettingTypes[Type] | undefined {
  const converter: (value: unknown) => SettingTypes[Type] | undefined = converters[type];
  return converter(value);
}

const converters: { readonly [Type in keyof SettingTypes]: (value: unknown) => SettingTypes[Type] | undefined } = {
  text: toText,
  int: toInteger,
  float: toFloat,
  bool: toBoolean,
  json: toJson,
};

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

function toInteger(value: unknown): number | undefined {
  const number = typeof value === "string" ? integerFromText(value.trim()) : Number(numeric(value));
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

function integerFromText(text: string): number | undefined {
  if (/^0x[\da-f]+$/i.test(text)) return Number(text);
  return /^[+-]?\d+(?:_\d+)*$/.test(text) ? Number(text.replaceAll("_", "")) : undefined;
}

const special: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, infinity: Infinity };

function toFloat(value: unknown): number | undefined {
  if (typeof value !== "string") {
    const number = numeric(value);
    return number === undefined ? undefined : Number(number);
  }
  const text = value.trim().toLowerCase();
  if (/^0x[\da-f]+$/.test(text)) return Number(text);
  const word = special[text.replace(/^[+-]/, "")];
  if (word !== undefined) return text.startsWith("-") ? -word : word;
  const digits = String.raw`\d+(?:_\d+)*`;
  const float = new RegExp(`^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:e[+-]?${digits})?$`);
  return float.test(text) ? Number(text.replaceAll("_", "")) : undefined;
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
