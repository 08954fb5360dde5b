/** An item of one of several streams. */
export interface Turn<Key, Item> {
  readonly key: Key;
  /** `undefined` at the stream's end. */
  readonly item: Item | undefined;
}

interface Lane<Key, Item> {
  readonly key: Key;
  readonly iterator: AsyncIterator<Item>;
  state: "waiting" | "ready" | "failed" | "idle";
  item: Item | undefined;
  error: unknown;
}

/**
 * Takes turns between streams. Each has at most one item asked for, so that a slow consumer slows all of them down;
 * whoever is ready gets its turn, in order from the one after the last. A queue and a wake-up, since `Promise.race` in
 * a loop keeps every loser alive.
 */
export class Rotation<Key, Item> {
  readonly #lanes: Lane<Key, Item>[] = [];
  readonly #onItem: (key: Key, item: Item) => void;
  #last = -1;
  #wake: (() => void) | undefined;

  /** @param onItem is called when an item comes out of its stream, before the next one is asked for */
  constructor(onItem: (key: Key, item: Item) => void = () => {}) {
    this.#onItem = onItem;
  }

  add(key: Key, stream: AsyncIterable<Item>): void {
    const lane: Lane<Key, Item> = {
      key,
      iterator: stream[Symbol.asyncIterator](),
      state: "idle",
      item: undefined,
      error: undefined,
    };
    this.#lanes.push(lane);
    this.#ask(lane);
  }

  get size(): number {
    return this.#lanes.length;
  }

  /**
   * The next item of any stream.
   *
   * @param patience milliseconds that it waits for one
   * @param among streams that may have their turn; default: all
   * @returns `"late"` where none came in that time, `undefined` where there is no stream left
   */
  async next(
    patience = Number.POSITIVE_INFINITY,
    among: (key: Key) => boolean = () => true,
  ): Promise<Turn<Key, Item> | "late" | undefined> {
    for (;;) {
      if (this.#lanes.length === 0) return undefined;
      const turn = this.#take(among);
      if (turn !== undefined) return turn;
      if (!(await this.#isWoken(patience))) return "late";
    }
  }

  #isWoken(patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(patience) ? setTimeout(() => resolve(false), patience) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  /** Ends all streams that have not ended. */
  async close(): Promise<void> {
    const lanes = this.#lanes.splice(0);
    await Promise.allSettled(lanes.map(async (lane) => lane.iterator.return?.()));
  }

  #take(among: (key: Key) => boolean): Turn<Key, Item> | undefined {
    const count = this.#lanes.length;
    for (let step = 1; step <= count; step++) {
      const index = (this.#last + step) % count;
      const lane = this.#lanes[index]!;
      if (!among(lane.key)) continue;
      if (lane.state === "failed") throw lane.error;
      if (lane.state !== "ready") continue;
      this.#last = index;
      const { item } = lane;
      if (item === undefined) {
        this.#lanes.splice(index, 1);
        this.#last = index - 1;
        return { key: lane.key, item };
      }
      this.#onItem(lane.key, item);
      this.#ask(lane);
      return { key: lane.key, item };
    }
    return undefined;
  }

  #ask(lane: Lane<Key, Item>): void {
    lane.state = "waiting";
    lane.item = undefined;
    lane.iterator.next().then(
      (result) => {
        lane.state = "ready";
        lane.item = result.done === true ? undefined : result.value;
        this.#wake?.();
      },
      (error: unknown) => {
        lane.state = "failed";
        lane.error = error;
        this.#wake?.();
      },
    );
  }
}
