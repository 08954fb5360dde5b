import { isThenable, type PageStep } from "./page-step.ts";
import { plainRows } from "./plain-rows.ts";
import { pickRows } from "./rebuild-page.ts";

/** A step that keeps the rows for which a function says yes; promises are waited for one after the other. */
export function filterStep(keeps: (row: unknown) => unknown): PageStep {
  return async (page) => {
    const kept: number[] = [];
    for (const [index, row] of plainRows(page).entries()) {
      const answer = keeps(row);
      if (isThenable(answer) ? await answer : answer) kept.push(index);
    }
    return pickRows(page, kept);
  };
}
