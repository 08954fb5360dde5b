import { ExactFloat, type Exact, type ExactObject } from "./exact.ts";
import { MAX_JSON_DEPTH } from "./parse-exact.ts";
import { keyText, toJsonOf } from "./plain-object.ts";
import { floatRepr } from "./python.ts";

/**
 * Exact values as ordinary JavaScript: what `JSON.parse` would give, but integers beyond 2^53 as `bigint`. A key
 * `__proto__` becomes an own property like any other.
 */
export function toPlain(value: Exact): unknown {
  if (typeof value === "bigint") return plainInteger(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof ExactFloat) return value.value;
  if (Array.isArray(value)) return value.map((item) => toPlain(item));
  if (value instanceof Map) {
    const object: Record<string, unknown> = {};
    for (const [key, item] of value) setOwn(object, key, toPlain(item));
    return object;
  }
  return value;
}

/** A `number` where it is safe, else the `bigint` itself. */
export function plainInteger(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else object[key] = value;
}

/**
 * Ordinary JavaScript values as exact ones. A safe integral `number` becomes a `bigint`, every other number an
 * {@link ExactFloat}; `undefined` is left out of objects and `null` in arrays; `toJSON` is used where there is one, but for
 * dates and bytes, which stay.
 *
 * @param path how errors name the value
 * @throws TypeError naming the path of what cannot be data: a function, a symbol, an invalid date, a Set, a cycle, more
 *   than {@link MAX_JSON_DEPTH} levels
 */
export function fromPlain(value: unknown, path = "value"): Exact {
  const exact = convert(value, path, []);
  if (exact === undefined) throw new TypeError(`${path} is undefined`);
  return exact;
}

function convert(value: unknown, path: string, parents: object[]): Exact | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "bigint":
    case "undefined":
      return value;
    case "number":
      return fromNumber(value);
    case "object":
      return value === null ? null : convertObject(value, path, parents);
    default:
      throw new TypeError(`${path} is a ${typeof value}, which is not data`);
  }
}

function fromNumber(value: number): bigint | ExactFloat {
  if (Number.isSafeInteger(value)) return BigInt(value);
  return Number.isFinite(value) ? new ExactFloat(value, floatRepr(value)) : new ExactFloat(value);
}

function convertObject(value: object, path: string, parents: object[]): Exact | undefined {
  if (value instanceof ExactFloat || value instanceof Uint8Array) return value;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new TypeError(`${path} is an invalid date`);
    return value;
  }
  if (parents.includes(value)) throw new TypeError(`${path} contains itself`);
  if (parents.length >= MAX_JSON_DEPTH)
    throw new TypeError(`${path.slice(0, 200)}… is nested more than ${MAX_JSON_DEPTH} deep`);
  parents.push(value);
  const exact = convertContainer(value, path, parents);
  parents.pop();
  return exact;
}

function convertContainer(value: object, path: string, parents: object[]): Exact | undefined {
  if (Array.isArray(value)) {
    return Array.from(value as unknown[], (item, index) => convert(item, `${path}[${index}]`, parents) ?? null);
  }
  const toJson = toJsonOf(value);
  if (toJson !== undefined) return convert(toJson(""), path, parents);
  const object: ExactObject = new Map();
  for (const [key, item] of entries(value, path)) {
    const exact = convert(item, `${path}.${key}`, parents);
    if (exact !== undefined) object.set(key, exact);
  }
  return object;
}

function entries(value: object, path: string): Iterable<readonly [string, unknown]> {
  if (value instanceof Map) return [...value].map(([key, item]) => [keyText(key), item] as const);
  const tag = Object.prototype.toString.call(value);
  if (tag === "[object Object]") return Object.entries(value);
  throw new TypeError(`${path} is ${tag.slice(8, -1)}, which is not data`);
}
