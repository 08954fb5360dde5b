import { LadingError } from "../errors/index.ts";
import { checkKeys } from "./check-keys.ts";

/** How much of a resource is read: whatever comes first. Pages are not split. */
export interface LimitOptions {
  /** So many pages, or with `countRows` rows; 0: nothing. */
  readonly maxItems?: number;
  /** Seconds from the moment that it is opened; it ends with the first page that comes after them. */
  readonly maxTime?: number;
  /** Whether `maxItems` is of rows; the last page is whole. Default: `false`. */
  readonly countRows?: boolean;
}

/** How far a limit has come. */
export interface LimitProgress {
  readonly items: number;
  readonly milliseconds: number;
}

/** A limit while its resource is read. */
export interface LimitRun {
  isReached(): boolean;
  readonly progress: LimitProgress;
  /** Counts a page. */
  take(rows: number): void;
}

/** @throws LadingError INVALID_ARGUMENT */
export function checkedLimit(resource: string, given: number | LimitOptions): LimitOptions {
  const limit = typeof given === "number" ? { maxItems: given } : given;
  const what = `addLimit() of "${resource}"`;
  checkKeys(what, limit, ["maxItems", "maxTime", "countRows"]);
  const { maxItems, maxTime, countRows } = limit;
  const problem =
    maxItems === undefined && maxTime === undefined
      ? "needs maxItems or maxTime"
      : maxItems !== undefined && !(Number.isInteger(maxItems) && maxItems >= 0)
        ? `takes a whole number of pages or rows from 0, not ${String(maxItems)}`
        : maxTime !== undefined && !(Number.isFinite(maxTime) && maxTime > 0)
          ? `takes a number of seconds above 0, not ${String(maxTime)}`
          : countRows === true && maxItems === undefined
            ? "counts rows, but has no maxItems"
            : undefined;
  if (problem === undefined) return limit;
  throw new LadingError("INVALID_ARGUMENT", `${what} ${problem}`);
}

/**
 * @param before how far a run had come that is gone on with
 * @param now a clock in milliseconds
 */
export function openLimit(
  { maxItems = Infinity, maxTime = Infinity, countRows = false }: LimitOptions,
  before: LimitProgress = { items: 0, milliseconds: 0 },
  now: () => number = () => performance.now(),
): LimitRun {
  const start = now() - before.milliseconds;
  let { items } = before;
  const milliseconds = (): number => now() - start;
  return {
    isReached: () => items >= maxItems || milliseconds() > maxTime * 1000,
    get progress() {
      return { items, milliseconds: Math.round(milliseconds()) };
    },
    take(rows) {
      items += countRows ? rows : 1;
    },
  };
}
