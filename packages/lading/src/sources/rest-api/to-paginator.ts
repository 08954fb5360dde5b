import {
  auto,
  cursor,
  headerCursor,
  headerLink,
  jsonLink,
  type NextRequest,
  offset,
  pageNumber,
  type Paginator,
  singlePage,
} from "../../http/index.ts";
import type { PaginatorConfig } from "./config.ts";

type PaginatorObject = Exclude<PaginatorConfig, string | Paginator | NextRequest>;

/**
 * A paginator from its configuration.
 *
 * @throws INVALID_ARGUMENT where the options contradict each other
 */
export function toPaginator(config: PaginatorConfig): Paginator | NextRequest {
  if (typeof config === "function" || (typeof config === "object" && "next" in config)) return config;
  const given = withoutNulls<PaginatorObject>(typeof config === "string" ? { type: config } : config);
  switch (given.type) {
    case "auto":
      return auto();
    case "single_page":
      return singlePage();
    case "json_link":
      return jsonLink(given);
    case "header_link":
      return headerLink(given);
    case "header_cursor":
      return headerCursor(given);
    case "cursor":
      return cursor(given);
    case "page_number":
      return pageNumber(given);
    case "offset":
      return offset(given);
  }
}

/** In a document null stands for "not given"; only for the total it means "none". */
function withoutNulls<T extends object>(options: T): T {
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => value !== null || key === "totalPath"),
  ) as T;
}

/**
 * For a path that ends with a field of the parent: an answer that is one object is all there is; a list is read on with the
 * paginator that was set for the whole client, if any (spec dlt-rest 9.1, no. 4).
 */
export function entityPaginator(inherited: Paginator | NextRequest | undefined): Paginator {
  const inner = inherited ?? auto();
  const next = typeof inner === "function" ? inner : inner.next;
  return {
    type: "entity",
    next: (page) => (page.rows.length === 1 && page.rows[0] === page.body ? undefined : next(page)),
  };
}
