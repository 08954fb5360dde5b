import type { Exact } from "../util/exact.ts";
import { once } from "./once.ts";
import { page, type Page } from "./page.ts";

/**
 * A page with other rows in the place of the old ones; its position and its size stay.
 *
 * @param exact makes the exact rows of the new page from those of the old one; is called at most once, when asked for
 */
export function rebuildPage<Row>(
  before: Page,
  rows: readonly Row[],
  exact: (before: readonly Exact[]) => readonly Exact[],
): Page<Row> {
  const { exact: exactBefore, position, bytes, discarded, declares } = before;
  return page<Row>({
    rows,
    ...(exactBefore && { exact: once(() => exact(exactBefore())) }),
    ...(position !== undefined && { position }),
    ...(bytes !== undefined && { bytes }),
    ...(discarded !== undefined && { discarded }),
    ...(declares !== undefined && { declares }),
  });
}

/** A page with only the rows at some indexes, in that order; the exact rows keep to them. */
export function pickRows<Row>(before: Page<Row>, indexes: readonly number[]): Page<Row> {
  if (indexes.length === before.rows.length) return before;
  const rows = indexes.map((index) => before.rows[index] as Row);
  return rebuildPage(before, rows, (exact) => indexes.map((index) => exact[index] as Exact));
}
