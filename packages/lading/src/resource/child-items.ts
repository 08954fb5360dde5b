import { asTheyCome } from "./as-they-come.ts";
import type { FunctionContext } from "./context.ts";
import type { Origin } from "./definition.ts";
import { isPage, page } from "./page.ts";
import { isItems } from "./read-items.ts";

type ParentOrigin = Extract<Origin, { readonly type: "parent" }>;

/**
 * What a transformer makes of some rows of its parent: rows, lists and pages (without positions), in the order of those rows,
 * or as they come. Up to `concurrency` calls of its function are under way at a time.
 */
export function childItems(
  rows: readonly unknown[],
  origin: ParentOrigin,
  context: FunctionContext,
): AsyncGenerator<unknown, void, undefined> {
  if (origin.ordered !== false) return inOrder(rows, origin, context);
  return asTheyCome(
    rows.map((row) => () => ofRow(row, origin, context)),
    origin.concurrency,
  );
}

/** What is made of one row. */
async function* ofRow(
  row: unknown,
  { each }: ParentOrigin,
  context: FunctionContext,
): AsyncGenerator<unknown, void, undefined> {
  const result = await each(row, context);
  if (isItems(result) && !Array.isArray(result) && !isPage(result)) {
    for await (const item of result) yield withoutPosition(item);
  } else yield withoutPosition(result);
}

async function* inOrder(
  rows: readonly unknown[],
  { each, concurrency }: ParentOrigin,
  context: FunctionContext,
): AsyncGenerator<unknown, void, undefined> {
  const running: Promise<unknown>[] = [];
  let next = 0;
  for (;;) {
    while (running.length < concurrency && next < rows.length) {
      const row = rows[next++];
      const call = (async () => await each(row, context))();
      // Whoever comes to it in its turn hears of its error; this only keeps Node from calling it unhandled until then.
      call.catch(() => {});
      running.push(call);
    }
    const first = running.shift();
    if (!first) return;
    const result = await first;
    if (isItems(result) && !Array.isArray(result) && !isPage(result)) {
      for await (const item of result) yield withoutPosition(item);
    } else yield withoutPosition(result);
  }
}

/** A position of what was made of one row (a client's pages have them) does not say which of the rows that was. */
function withoutPosition(item: unknown): unknown {
  if (!isPage(item)) return item;
  const { position: _position, ...rest } = item;
  return page(rest);
}

/** As {@link childItems}, for all rows of the parent: what a transformer gives that is read by itself. */
export async function* childItemsOfAll(
  origin: ParentOrigin,
  context: FunctionContext,
): AsyncGenerator<unknown, void, undefined> {
  for await (const item of origin.parent.pages({ ...context, state: {}, stateBefore: {} })) {
    const rows: readonly unknown[] = isPage(item) ? item.rows : Array.isArray(item) ? (item as unknown[]) : [item];
    yield* childItems(rows, origin, context);
  }
}
