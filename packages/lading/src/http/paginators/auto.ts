import type { Json } from "../../util/json-value.ts";
import type { PageRequest } from "../page-request.ts";
import { nextEvidence } from "./evidence.ts";
import { headerLink } from "./header-link.ts";
import { jsonLink } from "./json-link.ts";
import type { PageContent, Paginator } from "./paginator.ts";

/**
 * Follows what can be followed safely: the `Link` header, or a link in the body. What the first page shows is remembered
 * in the request. Anything else is one page; the client warns when the answer says that there is more.
 */
export function auto(): Paginator {
  return {
    type: "auto",
    next(page) {
      const known = remembered(page.request.state);
      const path = known ?? detect(page);
      if (path === undefined) return undefined;
      const next = path === "" ? headerLink().next(page) : jsonLink({ nextUrlPath: path }).next(page);
      return next === undefined ? undefined : withMemory(next, path);
    },
  };
}

/** The path of a body link; an empty text for the `Link` header. */
function detect(page: PageContent): string | undefined {
  const evidence = nextEvidence(page);
  if (evidence === undefined || evidence.kind === "hint") return undefined;
  return evidence.kind === "header-link" ? "" : evidence.path;
}

function remembered(state: Json | undefined): string | undefined {
  if (typeof state !== "object" || state === null || Array.isArray(state)) return undefined;
  const path = (state as Readonly<Record<string, Json>>)["next"];
  return typeof path === "string" ? path : undefined;
}

function withMemory(request: PageRequest, path: string): PageRequest {
  return { ...request, state: { next: path } };
}
