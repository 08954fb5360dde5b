import { LadingError } from "../errors/index.ts";
import { isPage, type Page } from "../resource/page.ts";
import { plainRows } from "../resource/plain-rows.ts";
import type { Resource, ResourceContext } from "../resource/resource.ts";
import type { Json } from "../util/json-value.ts";
import type { ResourceNode } from "./tree.ts";

/** What comes out of a tree of resources, one after the other. */
export type Extracted =
  | {
      readonly type: "page";
      readonly node: ResourceNode;
      readonly page: Page;
      /** Nothing else belongs to this page: it is a boundary by itself. */
      readonly boundary: boolean;
    }
  /** Everything that belongs to a page of the root is out: from here on the tree can go on. */
  | { readonly type: "boundary"; readonly root: ResourceNode; readonly position: Json | undefined }
  | { readonly type: "finished"; readonly root: ResourceNode };

/**
 * Reads a root resource and feeds each of its pages to the resources below it, before it asks for the next page.
 * Errors of a resource come out as `RESOURCE_FAILED`, those of Lading as they are; both name the resource.
 */
export async function* readTree(
  root: ResourceNode,
  contextOf: (resource: Resource) => ResourceContext,
): AsyncGenerator<Extracted, void, undefined> {
  const pages = named(root.resource, () => root.resource.pages(contextOf(root.resource)));
  for await (const page of pages) {
    const boundary = root.children.length === 0;
    yield { type: "page", node: root, page, boundary };
    if (boundary) continue;
    const rows = plainRows(page);
    for (const child of root.children) yield* readChild(child, rows, contextOf);
    yield { type: "boundary", root, position: page.position };
  }
  yield { type: "finished", root };
}

async function* readChild(
  node: ResourceNode,
  parentRows: readonly unknown[],
  contextOf: (resource: Resource) => ResourceContext,
): AsyncGenerator<Extracted, void, undefined> {
  const { resource } = node;
  if (resource.pagesOf === undefined) {
    throw new LadingError(
      "INVALID_ARGUMENT",
      `The resource "${resource.name}" has a parent but does not read its rows.`,
    );
  }
  for await (const page of named(resource, () => resource.pagesOf!(parentRows, contextOf(resource)))) {
    yield { type: "page", node, page, boundary: false };
    if (node.children.length === 0) continue;
    const rows = plainRows(page);
    for (const child of node.children) yield* readChild(child, rows, contextOf);
  }
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
