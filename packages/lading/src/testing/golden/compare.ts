import type { Observed } from "./observe.ts";

/**
 * The first difference between what came out and what should, as a path and both values; `undefined` where there is
 * none. The order of object keys counts only for the columns of a stored schema, where it is hashed.
 */
export function firstDifference(actual: readonly Observed[], expected: readonly Observed[]): string | undefined {
  if (actual.length !== expected.length) return `steps: ${actual.length}, expected ${expected.length}`;
  for (const [index, step] of expected.entries()) {
    const own = actual[index]!;
    if ((own.error === null) !== (step.error === null)) {
      return `step ${index} error: ${show(own.error)}, expected ${show(step.error)}`;
    }
    const difference = compare({ ...own, error: null }, { ...step, error: null }, `step ${index}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function compare(actual: unknown, expected: unknown, path: string): string | undefined {
  const own = entriesOf(actual);
  const wanted = entriesOf(expected);
  if (own === undefined || wanted === undefined) {
    return Object.is(scalar(actual), scalar(expected))
      ? undefined
      : `${path}: ${show(actual)}, expected ${show(expected)}`;
  }
  if (Array.isArray(actual) !== Array.isArray(expected)) return `${path}: ${show(actual)}, expected ${show(expected)}`;
  if (path.endsWith(".columns") && !Array.isArray(expected)) {
    const order = [...own.keys()].join(", ");
    const wantedOrder = [...wanted.keys()].join(", ");
    if (order !== wantedOrder) return `${path}: order ${order}, expected ${wantedOrder}`;
  }
  for (const key of wanted.keys()) {
    if (!own.has(key)) return `${path}.${key}: missing, expected ${show(wanted.get(key))}`;
  }
  for (const key of own.keys()) if (!wanted.has(key)) return `${path}.${key}: ${show(own.get(key))}, expected nothing`;
  for (const [key, value] of wanted) {
    const difference = compare(own.get(key), value, `${path}.${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Both parsed forms, and plain objects, as entries. */
function entriesOf(value: unknown): Map<string, unknown> | undefined {
  if (value instanceof Map) return value as Map<string, unknown>;
  if (Array.isArray(value)) return new Map(value.map((one, index) => [String(index), one as unknown]));
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return new Map(Object.entries(value));
  }
  return undefined;
}

function scalar(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "object" && value !== null && "text" in value) return value.text;
  return value;
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_, one: unknown) =>
    one instanceof Map ? Object.fromEntries(one) : typeof one === "bigint" ? Number(one) : one,
  );
  return text === undefined ? "nothing" : text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
