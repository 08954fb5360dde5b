import { LadingError } from "../errors/index.ts";
import { isPage } from "./page.ts";

/** What can be gone through: what a resource's data comes down to. */
export type Items = AsyncIterable<unknown> | Iterable<unknown>;

/**
 * What a resource's data or function gave, as something to go through.
 *
 * @throws LadingError INVALID_ARGUMENT where it is nothing of the kind: a text, a number, a single row
 */
export function itemsOf(given: unknown, resource: string): Items {
  if (isPage(given)) return [given];
  if (isItems(given)) return given;
  throw new LadingError(
    "INVALID_ARGUMENT",
    `The data of "${resource}" is ${describe(given)}, which cannot be gone through`,
    {
      hint: "Give an array of rows, something iterable, or a function that yields rows or returns such.",
      details: { resource },
    },
  );
}

/** Whether a value can be gone through; a text, whose characters are no rows, is not meant. */
export function isItems(value: unknown): value is Items {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "a single object" : `a ${typeof value}`;
}
