import { LadingError } from "../errors/index.ts";

type Step = { readonly key: string } | { readonly index: number } | { readonly each: true };

/** A path into JSON: the part of JSONPath that is a plain way down (spec dlt-rest, appendix A). */
export interface Selector {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** What a selector finds. */
export interface Selection {
  readonly values: readonly unknown[];
  /** Where the way ended although it should have gone on: what was looked for, and the keys that are there. */
  readonly missing?: { readonly at: string; readonly sought: string; readonly keys: readonly string[] };
}

/**
 * Reads `a.b`, `$.a`, `a[0]`, `a[-1]`, `a[*]`, `a.*`, `['@odata.nextLink']`, `'a b'.c`; `$` is all of it.
 *
 * @throws INVALID_ARGUMENT for anything else, filters and `..` included
 */
export function compileSelector(text: string): Selector {
  const steps: Step[] = [];
  let rest = text.trim();
  if (rest === "$") return { text, steps };
  rest = rest.replace(/^\$(?=[.[])/, "");
  let first = !rest.startsWith(".") || rest === text;
  if (rest === "") throw invalid(text, "it is empty");
  while (rest !== "") {
    const match = (first ? stepAtStart : stepInside).exec(rest);
    if (match === null) throw invalid(text, `"${rest.slice(0, 30)}" is not understood`);
    steps.push(stepOf(match.groups ?? {}));
    rest = rest.slice(match[0].length);
    first = false;
  }
  return { text, steps };
}

const bracket = String.raw`\[\s*(?:(?<index>-?\d+)|(?<each>\*)|'(?<single>[^']*)'|"(?<double>[^"]*)")\s*\]`;
const name = String.raw`(?:(?<star>\*)|'(?<quoted>[^']*)'|"(?<doubled>[^"]*)"|(?<plain>[^\s.[\]'"*()?|,:$]+))`;
const stepAtStart = new RegExp(`^(?:${bracket}|${name})`);
const stepInside = new RegExp(`^(?:${bracket}|\\.${name})`);

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step {
  const { index, each, star, single, double, quoted, doubled, plain } = groups;
  if (index !== undefined) return { index: Number(index) };
  if (each !== undefined || star !== undefined) return { each: true };
  return { key: single ?? double ?? quoted ?? doubled ?? plain ?? "" };
}

function invalid(text: string, problem: string): LadingError {
  return new LadingError("INVALID_ARGUMENT", `The path "${text}" cannot be used: ${problem}.`, {
    hint: "Accepted are keys with dots, [0], [*], and quoted keys such as ['@odata.nextLink']; $ is everything.",
  });
}

/**
 * Goes down a path in plain values or in exact ones (Maps). Where the path names each of several, those that lack the rest
 * are left out, and `missing` is set only when all lack it.
 */
export function select(selector: Selector, value: unknown): Selection {
  let values: readonly unknown[] = [value];
  for (const [position, step] of selector.steps.entries()) {
    const found: unknown[] = [];
    for (const item of values) take(step, item, found);
    const onlyEach = "each" in step && values.every(isContainer);
    if (found.length === 0 && values.length > 0 && !onlyEach) {
      const at = selector.steps.slice(0, position).map(print).join("") || "$";
      return { values: [], missing: { at, sought: print(step), keys: keysOf(values[0]) } };
    }
    values = found;
  }
  return { values };
}

/** The first value that a selector finds, or `undefined`. */
export function selectFirst(selector: Selector, value: unknown): unknown {
  return select(selector, value).values[0];
}

/** Whether a selector can find several values. */
export function isPlural(selector: Selector): boolean {
  return selector.steps.some((step) => "each" in step);
}

function take(step: Step, value: unknown, found: unknown[]): void {
  if ("key" in step) {
    if (value instanceof Map) {
      if (value.has(step.key)) found.push(value.get(step.key));
    } else if (isObject(value) && Object.hasOwn(value, step.key)) found.push(value[step.key]);
  } else if ("index" in step) {
    if (!Array.isArray(value)) return;
    const index = step.index < 0 ? value.length + step.index : step.index;
    if (index >= 0 && index < value.length) found.push(value[index]);
  } else if (Array.isArray(value)) for (const item of value as unknown[]) found.push(item);
  else if (value instanceof Map) found.push(...(value.values() as Iterable<unknown>));
  else if (isObject(value)) found.push(...Object.values(value));
}

function isContainer(value: unknown): boolean {
  return Array.isArray(value) || value instanceof Map || isObject(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keysOf(value: unknown): readonly string[] {
  if (value instanceof Map) return [...value.keys()].map(String);
  return isObject(value) ? Object.keys(value) : [];
}

function print(step: Step): string {
  if ("key" in step) return /^[\w@-]+$/.test(step.key) ? `.${step.key}` : `['${step.key}']`;
  return "index" in step ? `[${step.index}]` : "[*]";
}
