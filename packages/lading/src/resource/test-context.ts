import { standaloneContext } from "./context.ts";
import { isPage, type Page } from "./page.ts";
import type { Resource, ResourceContext } from "./resource.ts";

/** For tests: a context in which state, position and warnings can be seen. */
export function testContext(changes: Partial<ResourceContext> = {}): ResourceContext & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return { ...standaloneContext(), state: {}, warn: (message) => warnings.push(message), warnings, ...changes };
}

/** For tests: all pages of a resource. */
export async function allPages<Row>(
  resource: Resource<string, Row>,
  context: ResourceContext = testContext(),
): Promise<Page<Row>[]> {
  const pages: Page<Row>[] = [];
  for await (const page of resource.pages(context)) {
    if (!isPage(page)) throw new TypeError("Not a page");
    pages.push(page);
  }
  return pages;
}

/** For tests: all rows of a resource, read in a context. */
export async function allRows<Row>(resource: Resource<string, Row>, context?: ResourceContext): Promise<Row[]> {
  return (await allPages(resource, context)).flatMap((page) => page.rows);
}
