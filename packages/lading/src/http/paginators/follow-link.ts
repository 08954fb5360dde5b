import type { PageRequest } from "../page-request.ts";
import { hasParam, paramsOf, setParam } from "../url.ts";
import { paginatorFailed } from "./page-value.ts";
import type { PageContent } from "./paginator.ts";

/**
 * The request to which a link leads: resolved against the page's address, as a browser does. Method, headers and body stay.
 *
 * @param keepParams params of the request that the link lacks are added to it
 */
export function followLink(page: PageContent, link: string, keepParams: boolean): PageRequest {
  if (!URL.canParse(link, page.response.url))
    throw paginatorFailed(page, `the next link "${link.slice(0, 200)}" is no URL`);
  let url = new URL(link, page.response.url).href;
  if (keepParams) {
    const missing = paramsOf(page.request.url).filter(([name]) => !hasParam(url, name));
    const byName = new Map<string, string[]>();
    for (const [name, value] of missing) byName.set(name, [...(byName.get(name) ?? []), value]);
    for (const [name, values] of byName) url = setParam(url, name, values);
  }
  return { ...page.request, url };
}

/** What stands at the place of a link: text is one; nothing, null, false and an empty text are the end. */
export function linkOf(page: PageContent, value: unknown, path: string): string | undefined {
  if (value === undefined || value === null || value === false) return undefined;
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim();
  throw paginatorFailed(
    page,
    `"${path}" should be a link, and is ${JSON.stringify(value)?.slice(0, 60) ?? typeof value}`,
  );
}
