import { ExactFloat, type Exact } from "../util/exact.ts";
import { MAX_JSON_DEPTH } from "../util/json.ts";
import { page, type Page } from "./page.ts";

/** Characters, roughly, beyond which a page is not written: it would cost more than it saves. */
const maxLength = 64 * 1024 * 1024;
/** Bytes beyond which a value of bytes is not written. */
const maxBytes = 1024 * 1024;

type Coded = null | boolean | number | string | readonly Coded[] | { readonly [key: string]: Coded };

/** What is left of {@link maxLength}, and whether nothing was lost so far. */
interface Budget {
  left: number;
  isLossless: boolean;
}

/**
 * Rows as a text from which {@link pageFromText} makes them again as they are, value for value: numbers that JSON does
 * not have, `bigint`, `undefined`, dates and bytes too. Lists are `["list", …]`, so that `["date", 0]` can be a date.
 *
 * @param exact the same rows with every digit, where those are needed again
 * @returns `undefined` where something would not come back as it was (a function, an object of a class, a getter, a
 *   cycle), or where it is very much
 */
export function pageToText(rows: readonly unknown[], exact?: readonly Exact[]): string | undefined {
  const budget: Budget = { left: maxLength, isLossless: true };
  const coded = {
    rows: rows.map((row) => encode(row, budget, 0)),
    ...(exact && { exact: exact.map((row) => encode(row, budget, 0)) }),
  };
  return budget.isLossless ? JSON.stringify(coded) : undefined;
}

/** The page of a text of {@link pageToText}. */
export function pageFromText(text: string): Page {
  const { rows, exact } = JSON.parse(text) as { readonly rows: readonly Coded[]; readonly exact?: readonly Coded[] };
  const exactRows = exact?.map((row) => decode(row) as Exact);
  return page({ rows: rows.map(decode), ...(exactRows && { exact: () => exactRows }) });
}

function encode(value: unknown, budget: Budget, depth: number): Coded {
  // A few characters for what stands around a value.
  budget.left -= typeof value === "string" ? value.length + 8 : 8;
  if (budget.left < 0 || depth > MAX_JSON_DEPTH) return refuse(budget);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Object.is(value, -0)) return ["number", "-0"];
      return Number.isFinite(value) ? value : ["number", String(value)];
    case "bigint":
      return ["bigint", String(value)];
    case "undefined":
      return ["undefined"];
    case "object":
      return value === null ? null : encodeObject(value, budget, depth);
    default:
      return refuse(budget);
  }
}

function encodeObject(value: object, budget: Budget, depth: number): Coded {
  // Each of its bytes is a key.
  if (value instanceof Uint8Array && value.length > maxBytes) return refuse(budget);
  const keys = Reflect.ownKeys(value);
  const inner = (item: unknown): Coded => encode(item, budget, depth + 1);
  switch (Object.getPrototypeOf(value)) {
    case Object.prototype:
      return encodeFields(value, keys, budget, inner);
    case Array.prototype:
      // No holes, and nothing beside the elements and the length.
      if (!Array.isArray(value) || keys.length !== value.length + 1) return refuse(budget);
      return ["list", ...(value as readonly unknown[]).map(inner)];
    case Date.prototype: {
      const time = (value as Date).getTime();
      return Number.isNaN(time) || keys.length > 0 ? refuse(budget) : ["date", time];
    }
    case Uint8Array.prototype: {
      const { buffer, byteOffset, byteLength } = value as Uint8Array;
      budget.left -= byteLength * 2;
      if (keys.length !== byteLength) return refuse(budget);
      return ["bytes", Buffer.from(buffer, byteOffset, byteLength).toString("base64")];
    }
    case Map.prototype: {
      const entries = [...(value as ReadonlyMap<unknown, unknown>)];
      if (keys.length > 0 || entries.some(([key]) => typeof key !== "string")) return refuse(budget);
      return ["map", ...entries.flat().map(inner)];
    }
    case ExactFloat.prototype: {
      const { value: double, text } = value as ExactFloat;
      return Object.is(Number(text), double) ? ["float", text] : refuse(budget);
    }
    default:
      return refuse(budget);
  }
}

function encodeFields(
  value: object,
  keys: readonly (string | symbol)[],
  budget: Budget,
  inner: (item: unknown) => Coded,
): Coded {
  const coded: Record<string, Coded> = {};
  for (const key of keys) {
    const field = Object.getOwnPropertyDescriptor(value, key);
    if (typeof key !== "string" || field?.enumerable !== true || !("value" in field)) {
      return refuse(budget);
    }
    budget.left -= key.length;
    setOwn(coded, key, inner(field.value));
  }
  return coded;
}

function refuse(budget: Budget): null {
  budget.isLossless = false;
  return null;
}

function decode(coded: Coded): unknown {
  if (typeof coded !== "object" || coded === null) return coded;
  if (isList(coded)) return decodeTagged(coded);
  const object: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(coded)) setOwn(object, key, decode(item));
  return object;
}

function decodeTagged([tag, ...items]: readonly Coded[]): unknown {
  // Of all kinds but lists and maps.
  const text = items[0] as string;
  switch (tag) {
    case "list":
      return items.map(decode);
    case "number":
      return Number(text);
    case "bigint":
      return BigInt(text);
    case "undefined":
      return undefined;
    case "date":
      return new Date(Number(text));
    case "bytes":
      return new Uint8Array(Buffer.from(text, "base64"));
    case "float":
      return new ExactFloat(Number(text), text);
    case "map": {
      const map = new Map<string, unknown>();
      for (let i = 0; i < items.length; i += 2) map.set(items[i] as string, decode(items[i + 1] as Coded));
      return map;
    }
    default:
      throw new TypeError(`A stored page has a value of an unknown kind: ${JSON.stringify(tag)}`);
  }
}

function isList(coded: Coded): coded is readonly Coded[] {
  return Array.isArray(coded);
}

/** A key `__proto__` becomes a field like any other. */
function setOwn<T>(object: Record<string, T>, key: string, value: T): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
