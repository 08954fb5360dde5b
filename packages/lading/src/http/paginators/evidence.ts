import { linkWithRel } from "./header-link.ts";
import type { PageContent } from "./paginator.ts";

/** Where an answer says that there is another page. */
export interface NextEvidence {
  /** `link`: an address to follow; `hint`: something that says there is more, but not how to get it. */
  readonly kind: "header-link" | "body-link" | "hint";
  /** For messages, and for a body link its path. */
  readonly path: string;
}

const linkNames = new Set([
  "next",
  "nexturl",
  "nextlink",
  "nextpage",
  "nextpageurl",
  "nextpagelink",
  "nexthref",
  "nexturi",
  "nextrecordsurl",
  "@odatanextlink",
]);
const cursorNames = new Set(["next", "nextcursor", "nextpagetoken", "nexttoken", "endcursor", "nextid", "nextpage"]);
const flagNames = new Set(["hasmore", "hasnext", "hasnextpage", "more", "moreavailable"]);
const pagesNames = new Set(["totalpages", "pages", "lastpage", "pagecount", "numpages"]);

const maxDepth = 3;

/**
 * Looks for signs of a next page: a `Link` header, a link under one of the names in use, a cursor, a flag, a number of
 * pages. Lists are not entered, and a body that is itself the one row says nothing.
 */
export function nextEvidence(page: PageContent): NextEvidence | undefined {
  if (linkWithRel(page.response.headers["link"] ?? "", "next")) return { kind: "header-link", path: "Link" };
  if (page.rows.length === 1 && page.rows[0] === page.body) return undefined;
  const found: NextEvidence[] = [];
  collect(page.body, [], found);
  return found.find(({ kind }) => kind === "body-link") ?? found[0];
}

function collect(value: unknown, path: readonly string[], found: NextEvidence[]): void {
  if (typeof value !== "object" || value === null || Array.isArray(value) || path.length >= maxDepth) return;
  for (const [key, item] of Object.entries(value)) {
    const name = key.toLowerCase().replaceAll(/[-_.\s]/g, "");
    const here = [...path, key];
    if (linkNames.has(name)) {
      const link = linkPath(item, here);
      if (link !== undefined) {
        found.push({ kind: "body-link", path: print(link) });
        continue;
      }
    }
    if (saysMore(name, item)) found.push({ kind: "hint", path: print(here) });
    else collect(item, here, found);
  }
}

function linkPath(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value === "string") return /^(https?:\/\/|\/|\?)/i.test(value) ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of ["href", "url", "uri"]) {
    const inner = Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
    if (typeof inner === "string" && inner !== "") return [...path, key];
  }
  return undefined;
}

function saysMore(name: string, value: unknown): boolean {
  if (flagNames.has(name)) return value === true;
  if (cursorNames.has(name)) return (typeof value === "string" && value !== "") || typeof value === "number";
  return pagesNames.has(name) && typeof value === "number" && value > 1;
}

function print(path: readonly string[]): string {
  return path.map((key, i) => (/^[A-Za-z_][\w-]*$/.test(key) ? `${i === 0 ? "" : "."}${key}` : `['${key}']`)).join("");
}
