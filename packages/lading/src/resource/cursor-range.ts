import { compare, comparable, plainCursor, type Comparable } from "./cursor-value.ts";
import { lastValueFunction, type Incremental } from "./incremental.ts";

/** What becomes of one row. */
export type Verdict =
  /** It belongs to this run. */
  | "take"
  /** The same, and its cursor is the furthest so far. */
  | "advance"
  /** It belongs to this run, and its cursor is just the furthest so far. */
  | "at-last"
  /** It lies at the start: it belongs to this run unless an earlier one has loaded it. */
  | "at-start"
  /** The same, and nothing further was seen yet. */
  | "at-start-and-last"
  /** It lies before the start. */
  | "before"
  /** It lies after the end. */
  | "after";

/** Decides about rows by their cursors: pure, the bounds are passed in. */
export interface CursorRange {
  judge(value: Comparable, start: Comparable | undefined, last: Comparable | undefined): Verdict;
}

/** The rules of spec dlt-core 6.7, steps 3 to 5, for the settings of one cursor. */
export function cursorRange({ settings }: Incremental): CursorRange {
  const { endValue, rangeStart = "closed", rangeEnd = "open" } = settings;
  const end = endValue === undefined ? undefined : comparable(endValue, "endValue");
  const furthest = chooser(settings.lastValueFunc === undefined ? "max" : settings.lastValueFunc);

  function judge(value: Comparable, start: Comparable | undefined, last: Comparable | undefined): Verdict {
    const single = furthest(value);
    if (end) {
      if (!same(furthest(value, end), end)) return "after";
      if (rangeEnd === "open" && same(single, end)) return "after";
    }
    if (!last || !same(furthest(value, last), last)) return "advance";
    const atLast = same(single, last);
    if (!start) return atLast ? "at-last" : "take";
    const atStart = same(single, start);
    if (atStart) return rangeStart === "open" ? "before" : atLast ? "at-start-and-last" : "at-start";
    if (same(furthest(value, start), start)) return "before";
    return atLast ? "at-last" : "take";
  }
  return { judge };
}

type Chooser = (value: Comparable, other?: Comparable) => Comparable;

function chooser(given: NonNullable<Incremental["settings"]["lastValueFunc"]>): Chooser {
  if (typeof given === "function") {
    const f = lastValueFunction({ lastValueFunc: given });
    return (value, other) =>
      comparable(f((other ? [value, other] : [value]).map((one) => plainCursor(one.value))), "What lastValueFunc gave");
  }
  const sign = given === "max" ? 1 : -1;
  return (value, other) => (other && sign * compare(value, other) < 0 ? other : value);
}

function same(a: Comparable, b: Comparable): boolean {
  return a === b || compare(a, b) === 0;
}
