import { LadingError } from "../../errors/index.ts";
import { ExactFloat } from "../../util/exact.ts";
import { redactUrl } from "../redact.ts";
import { type Selector, selectFirst } from "../selector.ts";
import type { PageContent } from "./paginator.ts";

/** The scalar at a path of a body, or `undefined`. A number that does not fit a `number` comes as its text. */
export function scalarAt(page: PageContent, path: Selector): string | number | boolean | null | undefined {
  const value = selectFirst(path, page.body);
  if (typeof value === "string" || typeof value === "boolean" || value === null || value === undefined) return value;
  if (typeof value === "number" || typeof value === "bigint") {
    if (Number.isSafeInteger(value)) return value as number;
    const exact = selectFirst(path, page.exact());
    const text = exact instanceof ExactFloat ? exact.text : String(exact);
    return String(value) === text && typeof value === "number" ? value : text;
  }
  throw paginatorFailed(page, `"${path.text}" is ${Array.isArray(value) ? "a list" : "an object"}, not a value`);
}

/** A flag such as `has_more`; missing is an error, for then nobody knows. */
export function flagAt(page: PageContent, path: Selector): boolean {
  const value = scalarAt(page, path);
  if (typeof value === "boolean") return value;
  if (typeof value === "string") {
    const text = value.toLowerCase();
    if (["true", "yes", "t", "y", "1"].includes(text)) return true;
    if (["false", "no", "f", "n", "0"].includes(text)) return false;
  }
  if (value === 1 || value === 0) return value === 1;
  throw paginatorFailed(page, `"${path.text}" should say whether there is more, and is ${show(value)}`);
}

/** A count, or `undefined` where there is none. Digits in a text are a count too. */
export function countAt(page: PageContent, path: Selector): number | undefined {
  const value = scalarAt(page, path);
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value === "string" && /^\s*\d{1,15}\s*$/.test(value)) return Number(value);
  throw paginatorFailed(page, `"${path.text}" should be a count, and is ${show(value)}`);
}

export function paginatorFailed(page: PageContent, problem: string): LadingError {
  return new LadingError("PAGINATOR_FAILED", `The answer of ${redactUrl(page.request.url)}: ${problem}.`);
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value).slice(0, 60);
}
