import { LadingError } from "../../errors/index.ts";
import type { Json } from "../../util/json-value.ts";
import type { PageRequest } from "../page-request.ts";
import { compileSelector } from "../selector.ts";
import { countAt, flagAt, paginatorFailed } from "./page-value.ts";
import type { PageContent, Paginator } from "./paginator.ts";

/** The stop rules that page numbers and offsets share. Whichever says stop first, wins. */
export interface RangeStops {
  /**
   * Path in the body to the total. Default: `total`, used where it is there; `null`: none. A path that is given must be
   * there.
   */
  readonly totalPath?: string | null;
  /** Default: `true`. */
  readonly stopAfterEmptyPage?: boolean;
  /** Path in the body to a flag that says whether there is more; then it must be there. */
  readonly hasMorePath?: string | null;
}

interface RangeRules extends RangeStops {
  readonly type: string;
  /** The key under which the current position is remembered. */
  readonly key: string;
  readonly initial: number;
  /** Exclusive. */
  readonly maximum: number | undefined;
  /** Whether the positions from 0 to this one, exclusive, are all of a total. */
  readonly reached: (position: number, total: number) => boolean;
  readonly advance: (position: number, page: PageContent) => number;
  readonly write: (request: PageRequest, position: number) => PageRequest;
}

/**
 * A paginator that counts (spec dlt-rest 3.4, with the stop conditions combined by OR).
 *
 * @throws INVALID_ARGUMENT when nothing would ever stop it
 */
export function rangePaginator(rules: RangeRules): Paginator {
  const { type, key, initial, maximum, reached, advance, write, stopAfterEmptyPage = true } = rules;
  const given = rules.totalPath ?? undefined;
  const unlimited = rules.totalPath === null && maximum === undefined && (rules.hasMorePath ?? undefined) === undefined;
  if (unlimited && !stopAfterEmptyPage) {
    throw new LadingError(
      "INVALID_ARGUMENT",
      `One of totalPath, a maximum, hasMorePath or stopAfterEmptyPage must be given, or ${type} never stops.`,
    );
  }
  const total = rules.totalPath === null || given === "" ? undefined : compileSelector(given ?? "total");
  const needsTotal =
    given !== undefined ||
    (!stopAfterEmptyPage && maximum === undefined && (rules.hasMorePath ?? undefined) === undefined);
  const hasMore =
    rules.hasMorePath === undefined || rules.hasMorePath === null ? undefined : compileSelector(rules.hasMorePath);

  const at = (request: PageRequest, position: number): PageRequest => ({
    ...write(request, position),
    state: { [key]: position },
  });
  return {
    type,
    first: (request) => at(request, initial),
    next(page) {
      if (stopAfterEmptyPage && page.rows.length === 0) return undefined;
      const next = advance(positionIn(page.request.state, key) ?? initial, page);
      const count = total === undefined ? undefined : countAt(page, total);
      if (count === undefined && needsTotal && total !== undefined) {
        throw paginatorFailed(page, `the total "${total.text}" is not there`);
      }
      if (count !== undefined && reached(next, count)) return undefined;
      if (maximum !== undefined && next >= maximum) return undefined;
      if (hasMore !== undefined && !flagAt(page, hasMore)) return undefined;
      return at(page.request, next);
    },
  };
}

function positionIn(state: Json | undefined, key: string): number | undefined {
  if (typeof state !== "object" || state === null || Array.isArray(state)) return undefined;
  const value = (state as Readonly<Record<string, Json>>)[key];
  return typeof value === "number" ? value : undefined;
}
