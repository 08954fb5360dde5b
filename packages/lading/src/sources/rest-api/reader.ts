import { isSecret } from "../../config/secret.ts";
import { suggest } from "../../util/suggest.ts";

/** Where a value stands, how keys are spelled there, and what was found wrong so far. */
export interface Place {
  /** `resources[0].endpoint.path`; empty for the whole. */
  readonly path: string;
  readonly spelling: "camelCase" | "snake_case";
  readonly problems: string[];
}

/** Checks a value and gives it with its keys in camelCase. Problems are noted, and the result is then not used. */
export type Reader = (value: unknown, place: Place) => unknown;

export function problem(place: Place, what: string): undefined {
  place.problems.push(place.path === "" ? what : `${place.path}: ${what}`);
  return undefined;
}

export function at(place: Place, step: string | number): Place {
  const inner =
    typeof step === "number" ? `${place.path}[${step}]` : place.path === "" ? step : `${place.path}.${step}`;
  return { ...place, path: inner };
}

/** A text; one of some, where they are given. */
export function text(...allowed: readonly string[]): Reader {
  return (value, place) => {
    if (typeof value !== "string") return problem(place, `must be a text, and is ${describe(value)}`);
    if (allowed.length === 0 || allowed.includes(value)) return value;
    const near = suggest(value, allowed);
    const guess = near === undefined ? "" : ` Did you mean "${near}"?`;
    return problem(place, `"${value}" is not one of ${allowed.map((one) => `"${one}"`).join(", ")}.${guess}`);
  };
}

/** A text, or a secret. */
export const secretText: Reader = (value, place) =>
  typeof value === "string" || isSecret(value)
    ? value
    : problem(place, `must be a text or secret(…), and is ${describe(value)}`);

export const flag: Reader = (value, place) =>
  typeof value === "boolean" ? value : problem(place, `must be true or false, and is ${describe(value)}`);

/** A whole number, not negative. */
export const count: Reader = (value, place) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? value
    : problem(place, `must be a whole number, 0 or more, and is ${describe(value)}`);

export const callable: Reader = (value, place) =>
  typeof value === "function" ? value : problem(place, `must be a function, and is ${describe(value)}`);

/** Anything that can be JSON, or a secret. Keys are the user's own and stay. */
export const json: Reader = (value, place) => {
  if (value === null || typeof value === "string" || typeof value === "boolean" || isSecret(value)) return value;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value))) return value;
  if (Array.isArray(value)) return value.map((item, index) => json(item, at(place, index)));
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, json(item, at(place, key))]));
  }
  return problem(place, `is ${describe(value)}, which cannot be sent`);
};

export function nullable(reader: Reader): Reader {
  return (value, place) => (value === null ? null : reader(value, place));
}

export function list(reader: Reader): Reader {
  return (value, place) =>
    Array.isArray(value)
      ? value.map((item, index) => reader(item, at(place, index)))
      : problem(place, `must be a list, and is ${describe(value)}`);
}

/** An object whose keys are the user's own. */
export function record(reader: Reader): Reader {
  return (value, place) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reader(item, at(place, key))]))
      : problem(place, `must be an object, and is ${describe(value)}`);
}

/** What is known of dlt but not built: it is refused by name. */
export const unsupported: Reader = (_value, place) => problem(place, "is not supported yet");

/**
 * An object with known keys, given in camelCase; in a document of dlt's they are in snake_case.
 *
 * @param required keys that must be there
 * @param extra takes keys that are not known, `x-` hints for one
 */
export function object(
  keys: Readonly<Record<string, Reader>>,
  { required = [], extra }: { readonly required?: readonly string[]; readonly extra?: RegExp } = {},
): Reader {
  const spelled = { camelCase: new Map<string, string>(), snake_case: new Map<string, string>() };
  for (const key of Object.keys(keys)) {
    spelled.camelCase.set(key, key);
    spelled.snake_case.set(snakeCase(key), key);
  }
  return (value, place) => {
    if (!isObject(value)) return problem(place, `must be an object, and is ${describe(value)}`);
    const names = spelled[place.spelling];
    const result: Record<string, unknown> = {};
    for (const [given, item] of Object.entries(value)) {
      if (item === undefined) continue;
      const key = names.get(given);
      if (key !== undefined) result[key] = keys[key]?.(item, at(place, given));
      else if (extra?.test(given) === true) result[given] = item;
      else unknownKey(place, given, [...names.keys()]);
    }
    for (const key of required) {
      if (result[key] !== undefined || hasKey(value, key, place)) continue;
      problem(place, `"${place.spelling === "camelCase" ? key : snakeCase(key)}" is missing`);
    }
    return result;
  };
}

function hasKey(value: object, key: string, place: Place): boolean {
  const name = place.spelling === "camelCase" ? key : snakeCase(key);
  return Object.hasOwn(value, name) && (value as Readonly<Record<string, unknown>>)[name] !== undefined;
}

function unknownKey(place: Place, given: string, known: readonly string[]): void {
  const near = suggest(given, known);
  const guess = near === undefined ? `The keys are: ${known.join(", ")}.` : `Did you mean "${near}"?`;
  problem(at(place, given), `there is no such key. ${guess}`);
}

/** `nextUrlPath` is `next_url_path`. */
function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value);
}

export function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  // What a text says is not shown: it may be a secret in the wrong place.
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `a ${typeof value}`;
}
