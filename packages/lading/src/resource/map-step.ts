import { LadingError } from "../errors/index.ts";
import type { Exact } from "../util/exact.ts";
import { reconcile } from "../util/json.ts";
import { isThenable, type PageStep } from "./page-step.ts";
import type { Page } from "./page.ts";
import { plainRows } from "./plain-rows.ts";
import { rebuildPage } from "./rebuild-page.ts";

/**
 * A step that puts what a function makes of a row in the row's place; promises are waited for one after the other.
 * Values that the function has left alone keep their digits.
 *
 * @throws LadingError INVALID_ARGUMENT where the function gives nothing back for a row
 */
export function mapStep(f: (row: unknown) => unknown): PageStep {
  return async (page, place) => {
    const rows: unknown[] = [];
    for (const row of plainRows(page)) {
      const result = f(row);
      const made = isThenable(result) ? await result : result;
      if (made === undefined || made === null) {
        throw new LadingError("INVALID_ARGUMENT", `A map function of "${place.resource}" gave nothing back for a row`, {
          hint: "Return the row. To leave rows out, use filter().",
          details: { resource: place.resource, page: place.page },
        });
      }
      rows.push(made);
    }
    return replaceRows(page, rows);
  };
}

/** A page with its rows replaced one for one; what a new row still has of the old one keeps its digits. */
export function replaceRows(page: Page, rows: readonly unknown[]): Page {
  return rebuildPage(page, rows, (exact) => rows.map((row, index) => reconcile(row, exact[index] as Exact)));
}
