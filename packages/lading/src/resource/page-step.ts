import type { SchemaContract } from "./hints.ts";
import type { Page } from "./page.ts";

/** What a step may need to know for its messages. */
export interface StepPlace {
  readonly resource: string;
  /** The number of the page, from 1 on. */
  readonly page: number;
  /** The resource's own contract. */
  readonly contract?: SchemaContract | undefined;
}

/** One thing that is done with each page: a map, a filter, a validation. */
export type PageStep = (page: Page, place: StepPlace) => Promise<Page>;

/** What may be awaited, without paying for it where there is nothing to wait for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { readonly then?: unknown }).then === "function"
  );
}
