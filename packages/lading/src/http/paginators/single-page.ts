import type { Paginator } from "./paginator.ts";

/** One page, whatever the answer says. */
export function singlePage(): Paginator {
  return { type: "single_page", next: () => undefined };
}
