/**
 * What several streams give, each thing as soon as it is there: streams are begun in order, so many at a time, and of each the
 * next thing is asked for when the last one was taken. A stream that fails ends all of them.
 *
 * @param width streams that are open at a time
 */
export async function* asTheyCome<T>(
  streams: Iterable<() => AsyncIterator<T>>,
  width: number,
): AsyncGenerator<T, void, undefined> {
  const waiting = streams[Symbol.iterator]();
  const open = new Set<AsyncIterator<T>>();
  const arrived: Arrival<T>[] = [];
  let wake: (() => void) | undefined;
  const arrive = (arrival: Arrival<T>): void => {
    arrived.push(arrival);
    wake?.();
  };
  const ask = (stream: AsyncIterator<T>): void => {
    // Not Promise.race: one that is slow would keep a reaction for each of the others' results.
    stream.next().then(
      (result) => arrive({ stream, result }),
      (error: unknown) => arrive({ stream, failure: { error } }),
    );
  };
  const begin = (): void => {
    while (open.size < width) {
      const next = waiting.next();
      if (next.done === true) return;
      const stream = next.value();
      open.add(stream);
      ask(stream);
    }
  };
  try {
    for (;;) {
      begin();
      if (open.size === 0) return;
      while (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const { stream, result, failure } = arrived.shift()!;
      if (failure !== undefined) {
        open.delete(stream);
        throw failure.error;
      }
      if (result!.done === true) open.delete(stream);
      else {
        yield result!.value;
        ask(stream);
      }
    }
  } finally {
    // One that is still at work ends when it is done with that: it is not waited for.
    for (const stream of open) stream.return?.().catch(() => {});
  }
}

interface Arrival<T> {
  readonly stream: AsyncIterator<T>;
  readonly result?: IteratorResult<T, unknown>;
  readonly failure?: { readonly error: unknown };
}
