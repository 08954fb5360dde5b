import { isPage, page, type Page } from "./page.ts";

/** When rows that come one at a time are made into a page. */
export interface GatherOptions {
  /** Default: 1000. */
  readonly maxRows?: number;
  /** How long, in milliseconds, the first row of a page waits for others. Default: 200. */
  readonly maxMilliseconds?: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Makes pages of what a resource yields. Rows that come one at a time are gathered, and passed on when there are enough
 * of them, when the first has waited long enough, or as soon as the producer itself is waiting; lists and pages are
 * passed on as they are. Nothing is lost, and the order stays. `null` and `undefined` are no rows.
 *
 * When the signal is aborted it throws the reason at once, even where the producer does not listen.
 */
export async function* gather(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  options: GatherOptions,
): AsyncGenerator<Page, void, undefined> {
  const { maxRows = 1000, maxMilliseconds = 200, now, signal } = options;
  const source = pull(items, signal);
  let rows: unknown[] = [];
  let firstAt = 0;
  const take = (): Page => {
    const taken = page({ rows });
    rows = [];
    return taken;
  };
  try {
    for (;;) {
      if (rows.length > 0 && (await source.isWaiting())) yield take();
      const next = await source.next();
      if (next.done === true) break;
      const item = next.value;
      if (isPage(item) || Array.isArray(item)) {
        if (rows.length > 0) yield take();
        yield isPage(item) ? item : page({ rows: item as unknown[] });
      } else if (item !== undefined && item !== null) {
        if (rows.length === 0) firstAt = now();
        rows.push(item);
        if (rows.length >= maxRows || now() - firstAt >= maxMilliseconds) yield take();
      }
    }
    if (rows.length > 0) yield take();
  } finally {
    await source.close();
  }
}

/** A source that is asked for one thing at a time. */
interface Pull {
  next(): Promise<IteratorResult<unknown, unknown>>;
  /** Whether the next thing is not there yet, after the event loop has gone round once. */
  isWaiting(): Promise<boolean>;
  close(): Promise<void>;
}

function pull(items: AsyncIterable<unknown> | Iterable<unknown>, signal: AbortSignal): Pull {
  return Symbol.asyncIterator in items ? pullAsync(items[Symbol.asyncIterator](), signal) : pullSync(items, signal);
}

function pullSync(items: Iterable<unknown>, signal: AbortSignal): Pull {
  const iterator = items[Symbol.iterator]();
  let done = false;
  return {
    async next() {
      signal.throwIfAborted();
      const result = iterator.next();
      done = result.done === true;
      return result;
    },
    isWaiting: async () => false,
    async close() {
      if (!done) iterator.return?.();
    },
  };
}

/** A generator that has its next row at hand gives it within this many turns of the microtask queue. */
const READY_TURNS = 8;

/** Waits for something that needs no waiting: for some turns of the microtask queue, then one of the event loop. */
async function comesSoon(isThere: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < READY_TURNS && !isThere(); turn++) await Promise.resolve();
  if (!isThere()) await new Promise((resolve) => setImmediate(resolve));
  return isThere();
}

function pullAsync(iterator: AsyncIterator<unknown>, signal: AbortSignal): Pull {
  let pending: Promise<IteratorResult<unknown, unknown>> | undefined;
  let settled = true;
  let done = false;
  // One listener for the whole source: a Promise.race for each row would leave its reactions with the signal.
  let refuse: ((reason: unknown) => void) | undefined;
  const onAbort = (): void => refuse?.(signal.reason);
  signal.addEventListener("abort", onAbort);

  const ask = (): Promise<IteratorResult<unknown, unknown>> => {
    if (pending) return pending;
    signal.throwIfAborted();
    settled = false;
    pending = new Promise<IteratorResult<unknown, unknown>>((resolve, reject) => {
      refuse = reject;
      const answer = Promise.resolve(iterator.next());
      answer.then(
        (result) => {
          settled = true;
          done = result.done === true;
          resolve(result);
        },
        (error: unknown) => {
          settled = done = true;
          reject(error);
        },
      );
    });
    // Whoever awaits it hears of the error; this only keeps Node from calling it unhandled until then.
    pending.catch(() => {});
    return pending;
  };

  return {
    async next() {
      try {
        return await ask();
      } finally {
        pending = undefined;
        refuse = undefined;
      }
    },
    async isWaiting() {
      void ask();
      return !(await comesSoon(() => settled));
    },
    async close() {
      signal.removeEventListener("abort", onAbort);
      if (done) return;
      const closed = iterator.return?.();
      // Where the source is still at work, `return` queues behind it, for as long as that takes: it is not waited for.
      if (settled) await closed;
      else closed?.catch(() => {});
    },
  };
}
