import { ExactFloat, type Exact } from "./exact.ts";
import { MAX_JSON_DEPTH, parseExact } from "./parse-exact.ts";
import { fromPlain } from "./plain.ts";
import { isPlainObject, keyText } from "./plain-object.ts";
import { compareCodePoints, orjsonFloat } from "./python.ts";

/** How a text is written. */
export interface StringifyOptions {
  /** Sort the keys of every object by code point; default: as they stand. */
  readonly sortKeys?: boolean;
}

/** Exact values and ordinary JavaScript data; what is neither is refused when it is met. */
export type Writable = Exact | object | number | undefined;

type Scalar = (value: Date | Uint8Array) => string;

/**
 * The compact JSON text that dlt writes, byte for byte ("plain dialect", spec dlt-core 0.2, dlt-1.31 1.5). A safe
 * integral `number` and a `bigint` print as integers, every other number and an {@link ExactFloat} as a float of
 * orjson; NaN and the infinities as `null`; a `Date` as ISO text with `+00:00`; bytes as base64; a lone surrogate as U+FFFD.
 *
 * @throws TypeError on what is not data, a cycle among it
 */
export function stringify(value: Writable, options: StringifyOptions = {}): string {
  return write(value, options.sortKeys === true, plainScalar, 0);
}

/**
 * As {@link stringify}, in the typed dialect of dlt's state and items: a `Date` is U+F027 and its ISO text, bytes are
 * U+F02B and base64 (spec dlt-core 0.2).
 */
export function typedStringify(value: Writable, options: StringifyOptions = {}): string {
  return write(value, options.sortKeys === true, typedScalar, 0);
}

/**
 * Reads the typed dialect. A marked date-time becomes a `Date`, marked bytes a `Uint8Array`, where that loses nothing;
 * any other marked text (a decimal, microseconds, another offset) stays a string with its marker, and is so written again
 * as it was. {@link typedText} takes such a string apart.
 *
 * @throws JsonSyntaxError
 */
export function typedParse(text: string): Exact {
  return revive(parseExact(text));
}

/** The kinds of marked texts, in the order of their markers, U+F026 to U+F02D. */
export const TYPED_KINDS = ["decimal", "timestamp", "date", "uuid", "hex", "binary", "wei", "time"] as const;
export type TypedKind = (typeof TYPED_KINDS)[number];

const FIRST_MARKER = 0xf026;

/** What stands in a marked string of the typed dialect, or nothing if it is not marked. */
export function typedText(text: string): { readonly kind: TypedKind; readonly text: string } | undefined {
  const kind = TYPED_KINDS[text.charCodeAt(0) - FIRST_MARKER];
  return kind === undefined || text.length === 1 ? undefined : { kind, text: text.slice(1) };
}

/** A text with the marker of its kind. */
export function markTyped(kind: TypedKind, text: string): string {
  return String.fromCharCode(FIRST_MARKER + TYPED_KINDS.indexOf(kind)) + text;
}

/** `isoformat()` of Python for a UTC time: `2024-01-02T03:04:05+00:00`, with six more digits only when they are not zero. */
export function isoUtc(date: Date): string {
  const iso = date.toISOString();
  const milliseconds = iso.slice(-4, -1);
  return `${iso.slice(0, -5)}${milliseconds === "000" ? "" : `.${milliseconds}000`}+00:00`;
}

function plainScalar(value: Date | Uint8Array): string {
  return value instanceof Date ? isoUtc(value) : base64(value);
}

function typedScalar(value: Date | Uint8Array): string {
  return value instanceof Date ? markTyped("timestamp", isoUtc(value)) : markTyped("binary", base64(value));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function revive(value: Exact): Exact {
  if (typeof value === "string") return reviveText(value);
  if (Array.isArray(value)) return value.map(revive);
  if (value instanceof Map) for (const [key, item] of value) value.set(key, revive(item));
  return value;
}

function reviveText(text: string): Exact {
  const typed = typedText(text);
  if (typed?.kind === "timestamp") {
    const date = new Date(typed.text);
    if (!Number.isNaN(date.getTime()) && isoUtc(date) === typed.text) return date;
  } else if (typed?.kind === "binary") {
    const bytes = Buffer.from(typed.text, "base64");
    if (bytes.toString("base64") === typed.text) return new Uint8Array(bytes);
  }
  return text;
}

function write(value: unknown, sortKeys: boolean, scalar: Scalar, depth: number): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      if (Number.isSafeInteger(value)) return value === 0 ? "0" : String(value);
      return orjsonFloat(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return "null";
      return writeObject(value, sortKeys, scalar, depth);
    default:
      throw new TypeError(`A value that is ${typeof value} cannot be written as JSON`);
  }
}

function writeObject(value: object, sortKeys: boolean, scalar: Scalar, depth: number): string {
  if (value instanceof ExactFloat) return orjsonFloat(value.value);
  if (value instanceof Uint8Array) return quote(scalar(value));
  if (value instanceof Date && !Number.isNaN(value.getTime())) return quote(scalar(value));
  if (depth >= MAX_JSON_DEPTH) throw new TypeError(`A value nested more than ${MAX_JSON_DEPTH} deep, or within itself`);
  if (Array.isArray(value)) {
    const items = Array.from(value as unknown[], (item) => write(item ?? null, sortKeys, scalar, depth + 1));
    return `[${items.join(",")}]`;
  }
  if (value instanceof Map) {
    const entries = Array.from(value, ([key, item]): [string, unknown] => [keyText(key), item]);
    return writeEntries(entries, sortKeys, scalar, depth);
  }
  if (isPlainObject(value)) return writeEntries(Object.entries(value), sortKeys, scalar, depth);
  return write(fromPlain(value), sortKeys, scalar, depth);
}

function writeEntries(entries: [string, unknown][], sortKeys: boolean, scalar: Scalar, depth: number): string {
  if (sortKeys) entries.sort(([a], [b]) => compareCodePoints(a, b));
  let text = "";
  for (const [key, item] of entries) {
    if (item === undefined) continue;
    text += `${text === "" ? "{" : ","}${quote(key)}:${write(item, sortKeys, scalar, depth + 1)}`;
  }
  return text === "" ? "{}" : `${text}}`;
}

/** JavaScript's escapes are orjson's, but for lone surrogates, which it prints as numbers and UTF-8 cannot hold. */
function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.includes("\\ud") ? JSON.stringify(text.replace(/\p{Surrogate}/gu, "\ufffd")) : quoted;
}
