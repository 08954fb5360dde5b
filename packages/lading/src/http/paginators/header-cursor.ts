import { setParam } from "../url.ts";
import type { Paginator } from "./paginator.ts";

export interface HeaderCursorOptions {
  /** Name of the response header with the cursor. Default: `next`. */
  readonly cursorKey?: string;
  /** The parameter it is sent as. Default: `cursor`. */
  readonly cursorParam?: string;
}

/** The cursor is in a header of the answer. It ends where that is missing or empty. */
export function headerCursor({ cursorKey = "next", cursorParam = "cursor" }: HeaderCursorOptions = {}): Paginator {
  return {
    type: "header_cursor",
    next({ request, response }) {
      const cursor = response.headers[cursorKey.toLowerCase()]?.trim() ?? "";
      return cursor === "" ? undefined : { ...request, url: setParam(request.url, cursorParam, cursor) };
    },
  };
}
