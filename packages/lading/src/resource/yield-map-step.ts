import { LadingError } from "../errors/index.ts";
import type { Exact } from "../util/exact.ts";
import { reconcile } from "../util/json.ts";
import { isThenable, type PageStep } from "./page-step.ts";
import { plainRows } from "./plain-rows.ts";
import { isItems } from "./read-items.ts";
import { rebuildPage } from "./rebuild-page.ts";

/**
 * A step that puts what a function yields for a row in the row's place: any number of rows, in order. What a new row still
 * has of the old one keeps its digits.
 *
 * @throws LadingError INVALID_ARGUMENT where the function gives nothing that can be gone through, or yields nothing as a row
 */
export function yieldMapStep(f: (row: unknown) => unknown): PageStep {
  return async (page, place) => {
    const invalid = (problem: string, hint: string): LadingError =>
      new LadingError("INVALID_ARGUMENT", `A yieldMap function of "${place.resource}" ${problem}`, {
        hint,
        details: { resource: place.resource, page: place.page },
      });
    const made: unknown[] = [];
    /** Which of the old rows each new one is made of. */
    const from: number[] = [];
    for (const [index, row] of plainRows(page).entries()) {
      const result = f(row);
      const items = isThenable(result) ? await result : result;
      if (!isItems(items)) throw invalid("gave no rows", "Return or yield rows, as a list or a generator does.");
      for await (const item of items) {
        if (item === undefined || item === null)
          throw invalid("yielded nothing as a row", "Yield no row where there is none.");
        made.push(item);
        from.push(index);
      }
    }
    return rebuildPage(page, made, (exact) => made.map((row, i) => reconcile(row, exact[from[i]!] as Exact)));
  };
}
