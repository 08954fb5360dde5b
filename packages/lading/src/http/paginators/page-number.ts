import type { Paginator } from "./paginator.ts";
import { rangePaginator, type RangeStops } from "./range.ts";
import { valueTarget, writeValue } from "./write-value.ts";

export interface PageNumberOptions extends RangeStops {
  /** The number of the API's first page. Default: 0. */
  readonly basePage?: number;
  /** The page to begin with. Default: `basePage`. */
  readonly page?: number;
  /** The query parameter. Default: `page`. */
  readonly pageParam?: string;
  /** Instead: the place in the JSON body. */
  readonly pageBodyPath?: string;
  /** The page before which it stops (dlt's meaning: this page is not fetched). */
  readonly maximumPage?: number;
}

/** Pages with numbers. The total counts pages. */
export function pageNumber(options: PageNumberOptions = {}): Paginator {
  const { basePage = 0, page = basePage, maximumPage } = options;
  const target = valueTarget("page", { param: options.pageParam, bodyPath: options.pageBodyPath }, "page");
  return rangePaginator({
    ...options,
    type: "page_number",
    key: "page",
    initial: page,
    maximum: maximumPage,
    reached: (position, total) => position >= total + basePage,
    advance: (position) => position + 1,
    write: (request, position) => writeValue(request, target, position),
  });
}
