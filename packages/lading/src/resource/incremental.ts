import { LadingError } from "../errors/index.ts";
import { checkKeys } from "./check-keys.ts";
import { compileCursorPath } from "./cursor-path.ts";
import { comparable, compare, type CursorValue } from "./cursor-value.ts";

/** Chooses the furthest of one or two values. */
export type LastValueFunction = (values: readonly CursorValue[]) => CursorValue;

/** A type without what is special of one literal: `"2024-01-01"` becomes `string`. */
export type Widened<Value> = Value extends string
  ? string
  : Value extends number
    ? number
    : Value extends bigint
      ? bigint
      : Value;

/** How a resource is read incrementally (spec dlt-core 6.7). */
export interface IncrementalSettings<Value extends CursorValue | undefined = CursorValue | undefined> {
  /** Where the first run begins. */
  readonly initialValue?: Value;
  /** Where to stop. With it nothing is remembered: the same range can be read again. Needs `initialValue`. */
  readonly endValue?: Widened<Exclude<Value, undefined>>;
  /** Which value is the furthest. Default: `max`. */
  readonly lastValueFunc?: "max" | "min" | LastValueFunction;
  /** How rows at the boundary are known again. Default: the resource's primary key, else the whole row; `[]`: not at all. */
  readonly primaryKey?: string | readonly string[];
  /** That the rows come in this order: then reading stops as soon as the range is left; not of a child, whose other parents follow. */
  readonly rowOrder?: "asc" | "desc";
  /** Rows without a value: an error, loaded all the same, or left out. Default: `raise`. */
  readonly onCursorValueMissing?: "raise" | "include" | "exclude";
  /** How far each run looks back, for rows that came late: seconds for times, days for dates, units for numbers. */
  readonly lag?: number;
  /** Whether rows at the start belong to the range (then each is loaded once). Default: `closed`. */
  readonly rangeStart?: "open" | "closed";
  /** Whether rows at `endValue` belong to the range. Default: `open`. */
  readonly rangeEnd?: "open" | "closed";
}

/** A cursor: what `incremental` gives, for a resource's option of that name. */
export interface Incremental<Path extends string = string, Value = unknown> {
  readonly cursorPath: Path;
  readonly settings: IncrementalSettings;
  /** What dlt has in its state for a value that is a text in the rows, where the source knows it. */
  readonly storedAs?: "timestamp" | "date";
  /** Only a type: what the cursor's values are. */
  readonly valueType?: Value;
}

/**
 * Reads only what is new: rows whose cursor is before where the last run ended are left out, rows just there are
 * loaded once.
 *
 * ```ts
 * resource({ name: "events", incremental: incremental("updated_at", { initialValue: "2024-01-01" }) }, ({ cursor }) =>
 *   readEvents({ since: cursor.start }));
 * ```
 *
 * @param cursorPath a field of the row, or a path within it: `meta.updated_at`
 * @throws LadingError INVALID_ARGUMENT, CURSOR_INVALID where the settings contradict each other
 */
export function incremental<const Path extends string, Value extends CursorValue | undefined = undefined>(
  cursorPath: Path,
  settings: IncrementalSettings<Value> = {},
): Incremental<Path, Value extends undefined ? CursorValue | undefined : Widened<Value>> {
  checkKeys(`incremental("${cursorPath}")`, settings, settingKeys);
  compileCursorPath(cursorPath);
  checkChoice(cursorPath, "rowOrder", settings.rowOrder, ["asc", "desc"]);
  checkChoice(cursorPath, "onCursorValueMissing", settings.onCursorValueMissing, ["raise", "include", "exclude"]);
  checkChoice(cursorPath, "rangeStart", settings.rangeStart, ["open", "closed"]);
  checkChoice(cursorPath, "rangeEnd", settings.rangeEnd, ["open", "closed"]);
  if (typeof settings.lastValueFunc !== "function") {
    checkChoice(cursorPath, "lastValueFunc", settings.lastValueFunc, ["max", "min"]);
  }
  checkEnd(cursorPath, settings);
  checkLag(cursorPath, settings);
  return { cursorPath, settings };
}

const settingKeys = [
  "initialValue",
  "endValue",
  "lastValueFunc",
  "primaryKey",
  "rowOrder",
  "onCursorValueMissing",
  "lag",
  "rangeStart",
  "rangeEnd",
] as const satisfies readonly (keyof IncrementalSettings)[];

/** The function that the settings name. Of equal values the first is the furthest. */
export function lastValueFunction(settings: IncrementalSettings): LastValueFunction {
  const given = settings.lastValueFunc ?? "max";
  if (typeof given === "function") return given;
  const sign = given === "max" ? 1 : -1;
  return (values) =>
    values.reduce((furthest, value) =>
      sign * compare(comparable(value, "The cursor"), comparable(furthest, "The cursor")) > 0 ? value : furthest,
    );
}

function checkChoice(path: string, option: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || (typeof value === "string" && choices.includes(value))) return;
  throw refusal(path, `${option} must be ${choices.map((choice) => `"${choice}"`).join(" or ")}`);
}

function checkEnd(path: string, settings: IncrementalSettings): void {
  const { initialValue, endValue } = settings;
  if (initialValue !== undefined) comparable(initialValue, "initialValue");
  if (endValue === undefined) return;
  const end = comparable(endValue, "endValue");
  if (initialValue === undefined) throw refusal(path, "endValue needs an initialValue");
  const further = comparable(lastValueFunction(settings)([endValue, initialValue]), "endValue");
  if (compare(further, end) !== 0) throw refusal(path, "endValue comes before initialValue");
}

function checkLag(path: string, { lag, lastValueFunc }: IncrementalSettings): void {
  if (lag === undefined) return;
  if (typeof lag !== "number" || !Number.isFinite(lag) || lag < 0)
    throw refusal(path, "lag must be a number, 0 or more");
  if (typeof lastValueFunc === "function") throw refusal(path, 'lag needs "max" or "min" as lastValueFunc');
}

function refusal(path: string, message: string): LadingError {
  return new LadingError("INVALID_ARGUMENT", `incremental("${path}"): ${message}`);
}
