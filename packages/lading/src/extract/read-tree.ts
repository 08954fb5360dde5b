import { LadingError } from "../errors/index.ts";
import type { OpenPage } from "../load-package/journal.ts";
import { isPage, type Page } from "../resource/page.ts";
import type { Resource, ResourceContext } from "../resource/resource.ts";
import type { Json } from "../util/json-value.ts";
import { holdPage, holdStoredPage } from "./held-page.ts";
import { placeWithin, type Place, type PlaceInPage } from "./place.ts";
import type { ResourceNode } from "./tree.ts";

/** What comes out of a tree of resources, one after the other. */
export type Extracted =
  | {
      readonly type: "page";
      readonly node: ResourceNode;
      readonly page: Page;
      /** Where the tree can go on after this page's own rows; `undefined`, nowhere. */
      readonly place: Place | undefined;
    }
  /** Between two pages: here the tree can go on. */
  | { readonly type: "boundary"; readonly place: Place }
  | { readonly type: "finished" };

/** How a tree is read. */
export interface ReadTreeOptions {
  /** Positions are given by the tree. */
  readonly contextOf: (resource: Resource) => ResourceContext;
  /** Where an earlier run has left it. */
  readonly start?: {
    readonly position: Json | undefined;
    /** Pages of this tree, by the names of its children. */
    readonly inside: readonly OpenPage[];
    /** The text of a page that was kept. */
    readonly textOf: (page: string) => Promise<string>;
  };
}

/**
 * Reads a root resource and feeds each of its pages to the resources below it, before it asks for the next page. What an
 * earlier run has left open of its pages comes first.
 * Errors of a resource come out as `RESOURCE_FAILED`, those of Lading as they are; both name the resource.
 */
export async function* readTree(
  root: ResourceNode,
  { contextOf, start }: ReadTreeOptions,
): AsyncGenerator<Extracted, void, undefined> {
  if (start !== undefined && start.inside.length > 0) {
    const after: Place = { position: start.position, open: [] };
    yield* finishPage({ parent: root, after, open: await reopen(root, start), contextOf });
    yield { type: "boundary", place: after };
  }
  // After a last page nothing is left.
  if (start?.position !== null) {
    const context = { ...contextOf(root.resource), position: start?.position };
    for await (const page of named(root.resource, () => root.resource.pages(context))) {
      yield* readPage(root, page, { position: page.position, open: [] }, contextOf);
    }
  }
  yield { type: "finished" };
}

/** A page, then everything that belongs to it. */
async function* readPage(
  node: ResourceNode,
  page: Page,
  after: Place | undefined,
  contextOf: ReadTreeOptions["contextOf"],
): AsyncGenerator<Extracted, void, undefined> {
  const [first] = node.children;
  if (first === undefined) {
    yield { type: "page", node, page, place: after };
    return;
  }
  const held = holdPage(node.resource, page);
  yield { type: "page", node, page, place: placeWithin(after, { held, child: first.resource.name, at: undefined }) };
  yield* finishPage({
    parent: node,
    after,
    open: [{ held, child: first.resource.name, at: undefined }],
    contextOf,
  });
  if (after !== undefined) yield { type: "boundary", place: after };
}

interface Unfinished {
  readonly parent: ResourceNode;
  /** The place when the page is done. */
  readonly after: Place | undefined;
  /** The parent's page and where its children stand, then what is open below it. */
  readonly open: readonly PlaceInPage[];
  readonly contextOf: ReadTreeOptions["contextOf"];
}

/** What is left of a page: the rest of the child that is being read there, then the children after it. */
async function* finishPage({ parent, after, open, contextOf }: Unfinished): AsyncGenerator<Extracted, void, undefined> {
  const [here, ...below] = open;
  if (here === undefined) return;
  const { held } = here;
  const within = (child: string, at: Json | undefined): Place | undefined => placeWithin(after, { held, child, at });
  const from = parent.children.findIndex(({ resource }) => resource.name === here.child);
  for (const child of parent.children.slice(from)) {
    const { name } = child.resource;
    let at: Json | undefined;
    if (name === here.child) {
      ({ at } = here);
      const place = within(name, at);
      yield* finishPage({ parent: child, after: place, open: below, contextOf });
      if (below.length > 0 && place !== undefined) yield { type: "boundary", place };
    } else {
      held.forget();
      const place = within(name, undefined);
      if (place !== undefined) yield { type: "boundary", place };
    }
    // It was at its end.
    if (at === null) continue;
    for await (const page of childPages(child, held.rows, { ...contextOf(child.resource), position: at })) {
      const isPlaced = page.position !== undefined;
      yield* readPage(child, page, isPlaced ? within(name, page.position) : undefined, contextOf);
    }
  }
}

function childPages(
  { resource }: ResourceNode,
  rows: readonly unknown[],
  context: ResourceContext,
): AsyncIterable<Page> {
  if (resource.pagesOf === undefined) {
    throw new LadingError(
      "INVALID_ARGUMENT",
      `The resource "${resource.name}" has a parent but does not read its rows.`,
    );
  }
  return named(resource, () => resource.pagesOf!(rows, context));
}

/** The pages that an earlier run has left open, with their rows. */
async function reopen(
  root: ResourceNode,
  { inside, textOf }: NonNullable<ReadTreeOptions["start"]>,
): Promise<PlaceInPage[]> {
  const open: PlaceInPage[] = [];
  let node = root;
  for (const { page, child, at } of inside) {
    open.push({ held: holdStoredPage(node.resource, page, await textOf(page)), child, at });
    node = node.children.find(({ resource }) => resource.name === child)!;
  }
  return open;
}

async function* named(resource: Resource, read: () => AsyncIterable<unknown>): AsyncGenerator<Page, void, undefined> {
  try {
    for await (const yielded of read()) yield toPage(yielded);
  } catch (cause) {
    if (LadingError.is(cause)) {
      if (cause.details["resource"] !== undefined) throw cause;
      throw new LadingError(cause.code, cause.message, {
        cause: cause.cause,
        hint: cause.hint,
        details: { ...cause.details, resource: resource.name },
      });
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new LadingError("RESOURCE_FAILED", `The resource "${resource.name}" failed: ${message}`, {
      cause,
      details: { resource: resource.name },
    });
  }
}

/** A row, some rows, or a page: as a page. */
function toPage(yielded: unknown): Page {
  if (isPage(yielded)) return yielded;
  return { rows: Array.isArray(yielded) ? (yielded as readonly unknown[]) : [yielded] };
}
