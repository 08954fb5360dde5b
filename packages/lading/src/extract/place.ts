import type { Json } from "../util/json-value.ts";
import type { HeldPage } from "./held-page.ts";

/**
 * Where a tree of resources can go on: first what is left of the parents' pages that are open, the innermost first, then
 * its root at its position.
 */
export interface Place {
  /** Of the root, after its page that is open; `undefined`, it cannot go on and is read from its start. */
  readonly position: Json | undefined;
  /** Outermost first: the page below another one is of the child that is being read there. */
  readonly open: readonly PlaceInPage[];
}

/** Where a child stands within the rows of a parent's page. */
export interface PlaceInPage {
  readonly held: HeldPage;
  readonly child: string;
  /** `undefined`, at the start of the rows; `null`, it is done. */
  readonly at: Json | undefined;
}

/**
 * A place within a page.
 * @param after the place when everything that belongs to the page is done
 * @returns `undefined` where the tree cannot go on there, since it could not after the page
 */
export function placeWithin(after: Place | undefined, inPage: PlaceInPage): Place | undefined {
  if (after?.position === undefined) return undefined;
  return { ...after, open: [...after.open, inPage] };
}
