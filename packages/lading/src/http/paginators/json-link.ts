import { compileSelector, selectFirst } from "../selector.ts";
import { followLink, linkOf } from "./follow-link.ts";
import type { Paginator } from "./paginator.ts";

export interface JsonLinkOptions {
  /** Path in the body to the next page's address. Default: `next`. */
  readonly nextUrlPath?: string;
  /** Params that the link lacks are kept from the request, for servers that forget their filters. Default: `false`. */
  readonly keepParams?: boolean;
}

/** The next page's address is in the body. It ends where that is missing, null, false or empty. */
export function jsonLink({ nextUrlPath = "next", keepParams = false }: JsonLinkOptions = {}): Paginator {
  const path = compileSelector(nextUrlPath);
  return {
    type: "json_link",
    next(page) {
      const link = linkOf(page, selectFirst(path, page.body), nextUrlPath);
      return link === undefined ? undefined : followLink(page, link, keepParams);
    },
  };
}
