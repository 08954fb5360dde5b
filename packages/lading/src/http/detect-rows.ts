/** Where the rows probably are. */
export interface DetectedRows {
  /** A data selector; `$` when the body itself is the rows, or one row. */
  readonly selector: string;
  /** Another list that could as well have been meant. */
  readonly rival?: string;
}

/** The usual names, spec dlt-rest 4.2. */
const usual = new Set([
  "data",
  "items",
  "results",
  "result",
  "entries",
  "records",
  "rows",
  "entities",
  "payload",
  "content",
  "objects",
  "values",
  "value",
  "elements",
  "list",
]);

/** What stands below these is about the rows, not the rows. */
const aside = new Set([
  "meta",
  "metadata",
  "paging",
  "pagination",
  "pageinfo",
  "links",
  "_links",
  "extras",
  "headers",
  "errors",
  "warnings",
  "included",
]);

const maxDepth = 3;

interface Candidate {
  readonly path: readonly string[];
  readonly rank: number;
}

/**
 * Finds the list of rows in a body: objects before what is empty, usual names before others, shallow before deep, then the
 * document's order. Lists of scalars count under a usual name only, and an object with an `id` of its own is one row
 * (spec dlt-rest 9.5, no. 51).
 */
export function detectRows(body: unknown): DetectedRows {
  if (!isObject(body)) return { selector: "$" };
  const candidates: Candidate[] = [];
  collect(body, [], candidates);
  candidates.sort((a, b) => a.rank - b.rank);
  const [best, second] = candidates;
  const entity = Object.hasOwn(body, "id") && isScalar(body["id"]);
  if (best === undefined || (entity && best.rank >= unusual)) return { selector: "$" };
  const rival = second !== undefined && second.rank === best.rank ? { rival: print(second.path) } : {};
  return { selector: print(best.path), ...rival };
}

const unusual = 20;

function collect(object: Readonly<Record<string, unknown>>, path: readonly string[], into: Candidate[]): void {
  for (const [key, value] of Object.entries(object)) {
    const lower = key.toLowerCase();
    if (aside.has(lower)) continue;
    const here = [...path, key];
    const known = usual.has(lower);
    if (Array.isArray(value)) {
      const kind = value.length === 0 ? "empty" : value.some(isObject) ? "objects" : "scalars";
      const rank = rankOf(kind, known);
      if (rank !== undefined) into.push({ path: here, rank: rank + here.length });
    } else if (value === null && known) into.push({ path: here, rank: 10 + here.length });
    else if (isObject(value) && here.length < maxDepth) collect(value, here, into);
  }
}

function rankOf(kind: "empty" | "objects" | "scalars", known: boolean): number | undefined {
  if (kind === "objects") return known ? 0 : unusual;
  if (kind === "empty") return known ? 10 : 30;
  return known ? 15 : undefined;
}

function print(path: readonly string[]): string {
  return path.map((key, i) => (/^[A-Za-z_][\w-]*$/.test(key) ? `${i === 0 ? "" : "."}${key}` : `['${key}']`)).join("");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint";
}
