import type { Paginator } from "./paginator.ts";
import { rangePaginator, type RangeStops } from "./range.ts";
import { valueTarget, writeValue } from "./write-value.ts";

export interface OffsetOptions extends RangeStops {
  /** Rows asked for with each request. */
  readonly limit: number;
  /** The offset to begin with. Default: 0. */
  readonly offset?: number;
  /** The query parameters. Default: `offset` and `limit`. */
  readonly offsetParam?: string;
  readonly limitParam?: string;
  /** Instead: their places in the JSON body. */
  readonly offsetBodyPath?: string;
  readonly limitBodyPath?: string;
  /** The offset before which it stops. */
  readonly maximumOffset?: number;
}

/**
 * Pages by offset and limit. The total counts rows. The offset goes on by the rows that came, not by the limit: a server
 * that gives fewer than it was asked for would else be read with gaps.
 */
export function offset(options: OffsetOptions): Paginator {
  const { limit, offset: initial = 0, maximumOffset } = options;
  const { offsetParam, offsetBodyPath, limitParam, limitBodyPath } = options;
  const offsetTarget = valueTarget("offset", { param: offsetParam, bodyPath: offsetBodyPath }, "offset");
  const limitTarget = valueTarget("limit", { param: limitParam, bodyPath: limitBodyPath }, "limit");
  return rangePaginator({
    ...options,
    type: "offset",
    key: "offset",
    initial,
    maximum: maximumOffset,
    reached: (position, total) => position >= total,
    advance: (position, page) => position + (page.rows.length === 0 ? limit : page.rows.length),
    write: (request, position) => writeValue(writeValue(request, offsetTarget, position), limitTarget, limit),
  });
}
