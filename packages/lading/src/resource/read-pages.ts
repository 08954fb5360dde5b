import type { Json } from "../util/json-value.ts";
import { noCursor, type FunctionContext } from "./context.ts";
import type { Definition } from "./definition.ts";
import { fieldOfPath } from "./cursor-path.ts";
import { gather } from "./gather.ts";
import { openCursor, type CursorRun } from "./open-cursor.ts";
import { declaringPage, placedPage, rowCount, type FoundHints, type Page } from "./page.ts";
import { openLimit, type LimitProgress, type LimitRun } from "./limit.ts";
import { mergeHints } from "./merge-hints.ts";
import type { Items } from "./read-items.ts";
import type { ResourceContext } from "./resource.ts";

/**
 * Reads a resource: gathers its rows to pages, and does with each page what was defined: steps, then the cursor, then
 * the limit (the order of dlt, spec dlt-core 6.3).
 *
 * It throws the signal's reason where it was stopped, so that a producer which returns early because of it is never
 * taken for one that is finished.
 */
export async function* readPages(
  definition: Definition,
  context: ResourceContext,
  open: (context: FunctionContext) => Items | PromiseLike<Items>,
): AsyncGenerator<Page, void, undefined> {
  if (definition.origin.type !== "found") return yield* readDefined(definition, context, open);
  const found = await definition.origin.find(definition, context);
  const { incremental } = found;
  const hints = mergeHints(found.hints, definition.hints);
  const whole: Definition = { ...definition, hints, ...(incremental && { incremental }) };
  const declares: FoundHints = { hints, cursorPath: incremental && fieldOfPath(incremental.cursorPath) };
  for await (const given of readDefined(whole, context, (own) => found.read(own))) yield declaringPage(given, declares);
}

async function* readDefined(
  definition: Definition,
  context: ResourceContext,
  open: (context: FunctionContext) => Items | PromiseLike<Items>,
): AsyncGenerator<Page, void, undefined> {
  const { name, hints } = definition;
  const { signal } = context;
  const place = unwrap(definition, context.position);
  const cursor = openRun(definition, context, place.cursor);
  const limit = definition.limit && openLimit(definition.limit, place.limit);
  let count = place.pages ?? 0;
  if (limit?.isReached() === true) return;
  signal.throwIfAborted();
  const items = await open(functionContext(context, place.at, cursor));
  for await (const given of gather(items, { now: () => performance.now(), signal })) {
    let made = given;
    const at = { resource: name, page: count + 1, contract: hints.schemaContract };
    for (const step of definition.steps) made = await step(made, at);
    if (cursor) made = cursor.take(made);
    count++;
    limit?.take(rowCount(made));
    // Of a child only this parent's rows are over: others follow.
    const isLast = limit?.isReached() === true || (cursor?.isOver === true && definition.origin.type !== "parent");
    yield wrap(definition, made, { isLast, pages: count, cursor, limit });
    signal.throwIfAborted();
    if (isLast) return;
  }
  signal.throwIfAborted();
}

/** What the function of a resource is given: the context, with its own position and the cursor. */
function functionContext(
  { signal, state, sourceState, config, warn }: ResourceContext,
  position: Json | undefined,
  cursor?: CursorRun,
): FunctionContext {
  return { signal, state, sourceState, config, warn, position, cursor: cursor?.view ?? noCursor };
}

function openRun(definition: Definition, context: ResourceContext, resumed: Json | undefined): CursorRun | undefined {
  const { name, incremental, hints } = definition;
  if (!incremental) return undefined;
  return openCursor(incremental, { resource: name, primaryKey: hints.primaryKey, context, resumed });
}

/** A position with what the cursor and the limit must know to go on from it. */
interface Wrapped {
  /** The position of the resource itself. */
  readonly at: Json | undefined;
  readonly cursor?: Json;
  readonly limit?: LimitProgress;
  readonly pages?: number;
}

interface Around {
  readonly isLast: boolean;
  /** Pages so far. */
  readonly pages: number;
  readonly cursor: CursorRun | undefined;
  readonly limit: LimitRun | undefined;
}

function unwrap(definition: Definition, position: Json | undefined): Wrapped {
  if (position === undefined || !isWrapping(definition)) return { at: position };
  return position as unknown as Wrapped;
}

function wrap(definition: Definition, given: Page, { isLast, pages, cursor, limit }: Around): Page {
  const { position } = given;
  if (position === undefined || position === null || !isWrapping(definition)) return given;
  if (isLast) return placedPage(given, null);
  return placedPage(given, {
    at: position,
    ...(cursor && { cursor: cursor.position }),
    ...(limit && { limit: { ...limit.progress }, pages }),
  });
}

function isWrapping({ incremental, limit }: Definition): boolean {
  return incremental !== undefined || limit !== undefined;
}
