import { followLink } from "./follow-link.ts";
import type { Paginator } from "./paginator.ts";

export interface HeaderLinkOptions {
  /** The `rel` of the next page's entry in the `Link` header. Default: `next`. */
  readonly linksNextKey?: string;
  /** Params that the link lacks are kept from the request. Default: `false`. */
  readonly keepParams?: boolean;
}

/** The next page's address is in the `Link` header (RFC 8288). */
export function headerLink({ linksNextKey = "next", keepParams = false }: HeaderLinkOptions = {}): Paginator {
  return {
    type: "header_link",
    next(page) {
      const link = linkWithRel(page.response.headers["link"] ?? "", linksNextKey);
      return link === undefined || link === "" ? undefined : followLink(page, link, keepParams);
    },
  };
}

/** The address of the first entry of a `Link` header that has this relation. */
export function linkWithRel(header: string, rel: string): string | undefined {
  const wanted = rel.toLowerCase();
  let from = header.indexOf("<");
  while (from >= 0) {
    const close = header.indexOf(">", from);
    if (close < 0) return undefined;
    const end = endOfEntry(header, close + 1);
    if (relationsOf(header.slice(close + 1, end)).includes(wanted)) return header.slice(from + 1, close).trim();
    from = header.indexOf("<", end);
  }
  return undefined;
}

/** The comma that ends an entry: not one within quotes. The address may hold commas too, but it is before. */
function endOfEntry(header: string, from: number): number {
  let quoted = false;
  for (let i = from; i < header.length; i++) {
    const char = header[i];
    if (char === "\\" && quoted) i++;
    else if (char === '"') quoted = !quoted;
    else if (char === "," && !quoted) return i;
  }
  return header.length;
}

function relationsOf(attributes: string): readonly string[] {
  // Other attributes' quoted values are emptied first: they may hold anything.
  const plain = attributes.replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) => (/^"[\w\s.:/-]*"$/.test(text) ? text : '""'));
  const value = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))/i.exec(plain);
  return (value?.[1] ?? value?.[2] ?? "").toLowerCase().split(/\s+/);
}
