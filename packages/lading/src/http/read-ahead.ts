/**
 * An iterable that is one item ahead of its consumer: the next one is asked for as soon as one is handed out, and never
 * more than one waits. Leaving the loop aborts what is under way and waits for it to end.
 *
 * @param open gets a signal that is aborted with the outer one, or when the consumer leaves
 */
export async function* readAhead<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  signal?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal?.reason);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", onAbort, { once: true });
  const items = open(stop.signal)[Symbol.asyncIterator]();
  let upcoming = items.next();
  try {
    for (;;) {
      const item = await upcoming;
      if (item.done === true) return;
      upcoming = items.next();
      // It is looked at when the consumer comes back; until then nobody else may call it unhandled.
      upcoming.catch(() => {});
      // Its request leaves in the next turn of the event loop; without one the consumer's work would come first.
      await new Promise(setImmediate);
      yield item.value;
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    stop.abort();
    await upcoming.catch(() => {});
    await items.return?.();
  }
}
