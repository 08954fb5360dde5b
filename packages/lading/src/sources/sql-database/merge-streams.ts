/** A stream, and what is known of it. */
export interface Tagged<Key, Item> {
  readonly key: Key;
  /** `undefined`: it has ended. */
  readonly item: Item | undefined;
}

/**
 * What several streams give, as it comes. Of each one item is asked for ahead. Where one fails, the others are closed; they
 * are closed too where nobody wants more.
 */
export async function* mergeStreams<Key, Item>(
  streams: readonly (readonly [Key, AsyncIterable<Item>])[],
): AsyncGenerator<Tagged<Key, Item>, void, undefined> {
  interface Lane {
    readonly key: Key;
    readonly iterator: AsyncIterator<Item>;
  }
  const arrived: { readonly lane: Lane; readonly result: IteratorResult<Item> }[] = [];
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;
  const lanes = new Set<Lane>(streams.map(([key, stream]) => ({ key, iterator: stream[Symbol.asyncIterator]() })));
  const ask = (lane: Lane): void => {
    lane.iterator.next().then(
      (result) => {
        arrived.push({ lane, result });
        wake?.();
      },
      (error: unknown) => {
        lanes.delete(lane);
        failure ??= { error };
        wake?.();
      },
    );
  };
  lanes.forEach(ask);
  try {
    while (lanes.size > 0) {
      const next = arrived.shift();
      if (failure !== undefined) throw failure.error;
      if (next === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
        continue;
      }
      const { lane, result } = next;
      if (result.done === true) {
        lanes.delete(lane);
        yield { key: lane.key, item: undefined };
        continue;
      }
      yield { key: lane.key, item: result.value };
      ask(lane);
    }
    if (failure !== undefined) throw failure.error;
  } finally {
    // One that is at work ends when it has done what it was asked for; its snapshot is closed anyway.
    for (const { iterator } of lanes) iterator.return?.()?.then(undefined, () => {});
  }
}
