import { LadingError } from "../errors/index.ts";

/** How the value at a path is read; `undefined` where there is nothing. Works on plain rows and on exact ones. */
export type ReadPath = (row: unknown) => unknown;

type Segment = string | number | typeof each;

/** All elements of a list, or all values of an object. */
const each = Symbol("each");

/**
 * Compiles the path of a cursor: a field (`updated_at`), or a JSONPath of fields, indexes and wildcards
 * (`$.meta.dates[0].at`, `['a.b'].c`, `items[*].at`), of which the first match counts. Where a field has the whole path as
 * its name, that field is meant.
 *
 * @throws LadingError INVALID_ARGUMENT where the path is none of these
 */
export function compileCursorPath(path: string): ReadPath {
  const segments = parsePath(path);
  const [first] = segments;
  if (segments.length === 1 && typeof first === "string") return (row) => read(row, first);
  return (row) => read(row, path) ?? firstMatch(row, segments);
}

/** @returns the name of the field where the path is just that: only then there is a column that is the cursor. */
export function fieldOfPath(path: string): string | undefined {
  const [first, ...rest] = parsePath(path);
  return typeof first === "string" && rest.length === 0 && !path.startsWith("$") ? first : undefined;
}

function firstMatch(value: unknown, segments: readonly Segment[]): unknown {
  const wildcard = segments.indexOf(each);
  if (wildcard < 0) return segments.reduce<unknown>((at, segment) => read(at, segment as string | number), value);
  const many = firstMatch(value, segments.slice(0, wildcard));
  if (typeof many !== "object" || many === null) return undefined;
  for (const one of many instanceof Map ? many.values() : (Object.values(many) as unknown[])) {
    const found = firstMatch(one, segments.slice(wildcard + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

const segmentPattern =
  /(\[\*\]|\.?\*)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]|\.?(?:'([^']*)'|"([^"]*)")|\.?([^.[\]'"*?@()$\s][^.[\]'"*?@()]*)/y;

function parsePath(path: string): readonly Segment[] {
  const segments: Segment[] = [];
  const text = path.startsWith("$.") ? path.slice(2) : path.startsWith("$[") ? path.slice(1) : path;
  if (text.startsWith(".")) throw badPath(path);
  segmentPattern.lastIndex = 0;
  while (segmentPattern.lastIndex < text.length) {
    const match = segmentPattern.exec(text);
    if (!match) throw badPath(path);
    const [, wildcard, index, ...names] = match;
    if (wildcard !== undefined) segments.push(each);
    else segments.push(index === undefined ? (names.find((name) => name !== undefined) ?? "") : Number(index));
  }
  if (segments.length === 0) throw badPath(path);
  return segments;
}

function badPath(path: string): LadingError {
  return new LadingError("INVALID_ARGUMENT", `"${path}" is no path of a cursor`, {
    hint: "A cursor path is the name of a field, or fields, indexes and wildcards such as meta.dates[0].at",
  });
}

function read(value: unknown, key: string | number): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Map) return value.get(key);
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}
