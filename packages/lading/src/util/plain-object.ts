import { orjsonFloat } from "./python.ts";

/** Whether a value is an object that stands for nothing but its own keys: made by a literal, by `JSON.parse`, or without a prototype. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && toJsonOf(value) === undefined;
}

/** The `toJSON` of an object, if it is a function and not a field of data. */
export function toJsonOf(value: object): ((key: string) => unknown) | undefined {
  if (!("toJSON" in value) || typeof value.toJSON !== "function") return undefined;
  return value.toJSON.bind(value) as (key: string) => unknown;
}

/**
 * A Map's key as text, as dlt's encoder writes keys that are not text (spec dlt-core 0.2).
 *
 * @throws TypeError if it is neither text nor a number, a boolean or null
 */
export function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  if (typeof key === "number") return Number.isSafeInteger(key) ? BigInt(key).toString() : orjsonFloat(key);
  if (key === null || typeof key === "bigint" || typeof key === "boolean") return String(key);
  throw new TypeError(`A Map has a key that is a ${typeof key}, and no text`);
}
