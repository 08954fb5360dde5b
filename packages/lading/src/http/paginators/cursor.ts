import { compileSelector } from "../selector.ts";
import { flagAt, paginatorFailed, scalarAt } from "./page-value.ts";
import type { Paginator } from "./paginator.ts";
import { valueTarget, writeValue } from "./write-value.ts";

export interface CursorOptions {
  /** Path in the body to the cursor of the next page. Default: `cursors.next`. */
  readonly cursorPath?: string;
  /** The query parameter that it is sent as. Default: `cursor`. */
  readonly cursorParam?: string;
  /** Instead: its place in the JSON body. */
  readonly cursorBodyPath?: string;
  /** Default: `false`. */
  readonly stopAfterEmptyPage?: boolean;
  /** Path in the body to a flag that says whether there is more; then it must be there. */
  readonly hasMorePath?: string;
}

/**
 * The body has the cursor of the next page. It ends where that is missing, null, false, 0 or empty, where the flag says so,
 * or after an empty page if asked to: whichever comes first.
 */
export function cursor(options: CursorOptions = {}): Paginator {
  const path = compileSelector(options.cursorPath ?? "cursors.next");
  const hasMore = options.hasMorePath === undefined ? undefined : compileSelector(options.hasMorePath);
  const target = valueTarget("cursor", { param: options.cursorParam, bodyPath: options.cursorBodyPath }, "cursor");
  return {
    type: "cursor",
    next(page) {
      if (options.stopAfterEmptyPage === true && page.rows.length === 0) return undefined;
      if (hasMore !== undefined && !flagAt(page, hasMore)) return undefined;
      const value = scalarAt(page, path);
      if (value !== undefined && value !== null && value !== "" && value !== false && value !== 0) {
        return writeValue(page.request, target, value);
      }
      if (hasMore === undefined) return undefined;
      throw paginatorFailed(page, `"${hasMore.text}" says that there is more, but "${path.text}" has no cursor`);
    },
  };
}
