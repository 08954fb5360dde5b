/** How several sources become one. */
export interface MergeOptions {
  /**
   * Strictly in turn: the first item of each source in the given order, then the second of each, and so on, waiting for the
   * slowest; a source that has ended is passed over. Default false: as they come.
   */
  readonly ordered?: boolean;
  /**
   * Called once, when reading ends before all sources have (an error, or the reader left), ahead of closing them: the place to abort
   * what they wait for. Without it a source that waits is waited for.
   */
  readonly onStop?: () => void;
}

type Outcome<T> = { readonly result: IteratorResult<T, unknown> } | { readonly error: unknown };

interface Lane<T> {
  readonly iterator: AsyncIterator<T, unknown>;
  /** The answer that nobody has taken yet. */
  outcome: Outcome<T> | undefined;
  open: boolean;
}

/**
 * Reads several sources at a time, each one item ahead at most, and gives their items in turn. An error of one ends all;
 * so does leaving the loop. The sources that are still open are closed then, and their closing is waited for.
 *
 * @throws the first error of a source; where the reader left, the first error of closing one
 */
export async function* mergeRoundRobin<T>(
  iterables: readonly AsyncIterable<T>[],
  options: MergeOptions = {},
): AsyncGenerator<T, void, undefined> {
  const lanes: Lane<T>[] = [];
  let failed = false;
  try {
    for (const iterable of iterables) {
      lanes.push({ iterator: iterable[Symbol.asyncIterator](), outcome: undefined, open: true });
    }
    yield* options.ordered === true ? inTurn(lanes) : asTheyCome(lanes);
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    const open = lanes.filter((lane) => lane.open);
    if (open.length > 0) options.onStop?.();
    const closed = await Promise.allSettled(open.map(async ({ iterator }) => iterator.return?.()));
    // An error that is on its way already counts more than one of tidying up.
    if (!failed) throwFirst(closed);
  }
}

async function* inTurn<T>(lanes: readonly Lane<T>[]): AsyncGenerator<T, void, undefined> {
  const signal = createSignal();
  for (const lane of lanes) ask(lane, signal.wake);
  let open = [...lanes];
  while (open.length > 0) {
    for (const lane of open) {
      while (lane.outcome === undefined) await signal.wait();
      const result = take(lane);
      if (result.done === true) continue;
      // Asked for before this one is given: the source works while the reader does.
      ask(lane, signal.wake);
      yield result.value;
    }
    open = open.filter((lane) => lane.open);
  }
}

async function* asTheyCome<T>(lanes: readonly Lane<T>[]): AsyncGenerator<T, void, undefined> {
  const signal = createSignal();
  const ready: Lane<T>[] = [];
  const askNext = (lane: Lane<T>): void =>
    ask(lane, () => {
      ready.push(lane);
      signal.wake();
    });
  for (const lane of lanes) askNext(lane);
  for (let open = lanes.length; open > 0;) {
    const lane = ready.shift();
    if (lane === undefined) {
      await signal.wait();
      continue;
    }
    const result = take(lane);
    if (result.done === true) {
      open--;
      continue;
    }
    askNext(lane);
    yield result.value;
  }
}

interface Signal {
  readonly wait: () => Promise<void>;
  readonly wake: () => void;
}

/** Each wait is a promise of its own, so that nothing piles up on a slow source, as it does with `Promise.race`. */
function createSignal(): Signal {
  let resolveWait = (): void => {};
  return {
    wait: () => new Promise<void>((resolve) => (resolveWait = resolve)),
    wake: () => resolveWait(),
  };
}

function ask<T>(lane: Lane<T>, onAnswer: () => void): void {
  const settle = (outcome: Outcome<T>): void => {
    lane.outcome = outcome;
    onAnswer();
  };
  void nextOf(lane.iterator).then(settle);
}

async function nextOf<T>(iterator: AsyncIterator<T, unknown>): Promise<Outcome<T>> {
  try {
    return { result: await iterator.next() };
  } catch (error) {
    return { error };
  }
}

function take<T>(lane: Lane<T>): IteratorResult<T, unknown> {
  const { outcome } = lane;
  if (outcome === undefined) throw new RangeError("A source was read before it answered");
  lane.outcome = undefined;
  if ("error" in outcome) {
    lane.open = false;
    throw outcome.error;
  }
  if (outcome.result.done === true) lane.open = false;
  return outcome.result;
}

function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const rejected = outcomes.find((outcome) => outcome.status === "rejected");
  if (rejected !== undefined) throw rejected.reason;
}
