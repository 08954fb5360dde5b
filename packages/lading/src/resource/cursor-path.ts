import { LadingError } from "../errors/index.ts";

/** How the value at a path is read; `undefined` where there is nothing. Works on plain rows and on exact ones. */
export type ReadPath = (row: unknown) => unknown;

type Segment = string | number;

/**
 * Compiles the path of a cursor: a field (`updated_at`), or a JSONPath of fields and indexes (`$.meta.dates[0].at`,
 * `['a.b'].c`). Where a field has the whole path as its name, that field is meant.
 *
 * @throws LadingError INVALID_ARGUMENT where the path is none of these
 */
export function compileCursorPath(path: string): ReadPath {
  const segments = parsePath(path);
  const [first] = segments;
  if (segments.length === 1 && typeof first === "string") return (row) => read(row, first);
  return (row) => read(row, path) ?? segments.reduce<unknown>(read, row);
}

/** @returns whether the path is the name of one field: only then there is a column that is the cursor. */
export function isFieldPath(path: string): boolean {
  return parsePath(path).length === 1;
}

const segmentPattern = /\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]|\.?([^.[\]'"*?@()$\s][^.[\]'"*?@()]*)/y;

function parsePath(path: string): readonly Segment[] {
  const segments: Segment[] = [];
  const text = path.startsWith("$.") ? path.slice(2) : path.startsWith("$[") ? path.slice(1) : path;
  if (text.startsWith(".")) throw badPath(path);
  segmentPattern.lastIndex = 0;
  while (segmentPattern.lastIndex < text.length) {
    const match = segmentPattern.exec(text);
    if (!match) throw badPath(path);
    const [, index, single, double, field] = match;
    segments.push(index === undefined ? (single ?? double ?? field ?? "") : Number(index));
  }
  if (segments.length === 0) throw badPath(path);
  return segments;
}

function badPath(path: string): LadingError {
  return new LadingError("INVALID_ARGUMENT", `"${path}" is no path of a cursor`, {
    hint: "A cursor path is the name of a field, or fields and indexes such as meta.dates[0].at",
  });
}

function read(value: unknown, key: Segment): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof Map) return value.get(key);
  return Object.hasOwn(value, key) ? (value as Record<Segment, unknown>)[key] : undefined;
}
