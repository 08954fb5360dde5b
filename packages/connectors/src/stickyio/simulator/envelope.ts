import { rowText } from "./data/row-text.ts";
import { count, type TableName, type World } from "./data/world.ts";

/** What one page of a list is made from. */
export interface PageOf {
  readonly world: World;
  readonly table: TableName;
  /** Counts from 1. */
  readonly page: number;
  readonly perPage: number;
  /** Only these rows, by their indexes. Default: all. */
  readonly only?: readonly number[];
  /** The URL of the list as its caller wrote it, without a query. */
  readonly path: string;
  /** Makes the link to the next page, where a fault wants another one. */
  readonly nextLink?: (page: number) => string;
}

/**
 * @returns one page in the envelope of a Laravel paginator, as JSON text (spec apis 2.3). A page beyond the last is
 * empty and has neither `from` nor `to`, and an empty list has one page.
 */
export function envelope({ world, table, page, perPage, only, path, nextLink }: PageOf): string {
  const total = only?.length ?? count(table, world.orders);
  const lastPage = Math.max(1, Math.ceil(total / perPage));
  const start = (page - 1) * perPage;
  const end = Math.min(start + perPage, total);
  const rows: string[] = [];
  for (let index = start; index < end; index++) rows.push(rowText(world, table, only?.[index] ?? index));
  const next = nextLink?.(page) ?? (page < lastPage ? pageUrl(path, page + 1) : null);
  const head = JSON.stringify({ status: "SUCCESS", current_page: page });
  const tail = JSON.stringify({
    first_page_url: pageUrl(path, 1),
    from: rows.length === 0 ? null : start + 1,
    last_page: lastPage,
    last_page_url: pageUrl(path, lastPage),
    next_page_url: next,
    path,
    per_page: perPage,
    prev_page_url: page > 1 ? pageUrl(path, page - 1) : null,
    to: rows.length === 0 ? null : end,
    total,
  });
  return `${head.slice(0, -1)},"data":[${rows.join(",")}],${tail.slice(1)}`;
}

/** @returns the URL of a page: as Laravel makes it, without anything else that was in the query. */
export function pageUrl(path: string, page: number): string {
  return `${path}?page=${page}`;
}

/** @returns the page that a query asks for (1 where it does not say), or `undefined` where that is no page. */
export function pageOf(query: URLSearchParams): number | undefined {
  const text = query.getAll("page").at(-1);
  if (text === undefined) return 1;
  return /^[1-9]\d{0,11}$/.test(text) ? Number(text) : undefined;
}
