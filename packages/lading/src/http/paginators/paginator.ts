import type { Exact } from "../../util/exact.ts";
import type { PageRequest } from "../page-request.ts";

/** What a paginator sees of a page. */
export interface PageContent {
  /** As it was before auth. */
  readonly request: PageRequest;
  readonly response: {
    readonly status: number;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** Where the page came from, after redirects. */
    readonly url: string;
  };
  /** The whole answer, parsed. */
  readonly body: unknown;
  /** The same with every digit, for numbers that do not fit a `number`. */
  readonly exact: () => Exact;
  /** The rows in it, before filters and maps. */
  readonly rows: readonly unknown[];
}

/** The next request, or `undefined` at the end. Pure: what must be remembered goes into the request's `state`. */
export type NextRequest = (page: PageContent) => PageRequest | undefined;

/** A way to go from page to page. It has no state of its own, so one can serve many chains at a time. */
export interface Paginator {
  /** dlt's name of it; `custom` for one's own. */
  readonly type: string;
  /** Makes the first request from what was configured. Default: as it is. */
  readonly first?: (request: PageRequest) => PageRequest;
  readonly next: NextRequest;
}

/** A function is a paginator too. */
export function toPaginator(paginator: Paginator | NextRequest): Paginator {
  return typeof paginator === "function" ? { type: "custom", next: paginator } : paginator;
}
