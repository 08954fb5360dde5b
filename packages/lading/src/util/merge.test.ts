import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { mergeRoundRobin } from "./merge.ts";

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A source that tells what is done to it. */
async function* source<T>(items: readonly T[], log: string[] = [], name = ""): AsyncGenerator<T> {
  try {
    for (const item of items) {
      log.push(`${name} makes ${String(item)}`);
      yield item;
    }
  } finally {
    log.push(`${name} closed`);
  }
}

/** A promise, and the function that fulfils it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe("mergeRoundRobin", () => {
  it("gives every item once, and each source's in its order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat())), fc.boolean(), fc.scheduler(), async (lists, ordered, s) => {
        const delayed = async function* (
          list: readonly number[],
          i: number,
        ): AsyncGenerator<readonly [number, number]> {
          for (const item of list) yield await s.schedule(Promise.resolve([i, item] as const));
        };
        const reading = collect(mergeRoundRobin(lists.map(delayed), { ordered }));
        const merged = await s.waitFor(reading);
        lists.forEach((list, i) => expect(merged.filter(([from]) => from === i).map(([, item]) => item)).toEqual(list));
        expect(merged).toHaveLength(lists.flat().length);
        const turns = Math.max(0, ...lists.map((list) => list.length));
        const inTurn = Array.from({ length: turns }, (_, n) =>
          lists.flatMap((list, i) => (n < list.length ? [[i, list[n]]] : [])),
        ).flat();
        expect(ordered ? merged : inTurn).toEqual(inTurn);
      }),
    );
  });

  it("does not wait for a slow source, unless in order", async () => {
    const { opened, open } = gate();
    async function* slow(): AsyncGenerator<string> {
      await opened;
      yield "slow";
    }
    const merged = mergeRoundRobin([slow(), source(["a", "b", "c"])]);
    const first = [await merged.next(), await merged.next(), await merged.next()].map(({ value }) => value as string);
    expect(first).toEqual(["a", "b", "c"]);
    open();
    expect(await collect(merged)).toEqual(["slow"]);
  });

  it("takes turns between sources that are all ready", async () => {
    const merged = await collect(mergeRoundRobin([source([1, 1, 1]), source([2, 2, 2]), source([3, 3, 3])]));
    expect(merged).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });

  it("reads no more than one item ahead of the reader", async () => {
    for (const ordered of [true, false]) {
      const log: string[] = [];
      const merged = mergeRoundRobin([source([1, 2, 3, 4], log, "a")], { ordered });
      await merged.next();
      await new Promise((resolve) => setImmediate(resolve));
      expect(log).toEqual(["a makes 1", "a makes 2"]);
      await merged.return();
    }
  });

  it("closes all sources when the reader leaves, and tells first", async () => {
    for (const ordered of [true, false]) {
      const log: string[] = [];
      const sources = [source([1, 2, 3], log, "a"), source([4, 5, 6], log, "b"), source([], log, "c")];
      for await (const _ of mergeRoundRobin(sources, { ordered, onStop: () => log.push("stop") })) break;
      expect(log.filter((entry) => entry.endsWith("closed")).toSorted()).toEqual(["a closed", "b closed", "c closed"]);
      expect(log.indexOf("stop")).toBeLessThan(log.indexOf("a closed"));
    }
  });

  it("throws the first error of a source, and closes the others, whatever closing them does", async () => {
    for (const ordered of [true, false]) {
      const log: string[] = [];
      const stop = new AbortController();
      async function* failing(): AsyncGenerator<number> {
        yield 1;
        throw new Error("source failed");
      }
      async function* waiting(): AsyncGenerator<number> {
        try {
          yield 2;
          yield 2;
          await new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
        } finally {
          log.push("waiting closed");
          await Promise.reject(new Error("closing failed"));
        }
      }
      const merged = mergeRoundRobin([failing(), waiting()], { ordered, onStop: () => stop.abort() });
      await expect(collect(merged)).rejects.toThrow("source failed");
      expect(log).toEqual(["waiting closed"]);
    }
  });

  it("throws what closing a source throws where the reader left", async () => {
    const stubborn: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: async () => {
          throw new Error("closing failed");
        },
      }),
    };
    const leave = async (): Promise<void> => {
      for await (const _ of mergeRoundRobin([stubborn])) break;
    };
    await expect(leave()).rejects.toThrow("closing failed");
  });

  it("tells of no stop where all sources came to their end, and is empty without sources", async () => {
    let stops = 0;
    expect(await collect(mergeRoundRobin([source([1])], { onStop: () => stops++ }))).toEqual([1]);
    expect(await collect(mergeRoundRobin([], { onStop: () => stops++ }))).toEqual([]);
    expect(stops).toBe(0);
  });

  it("reads a hundred thousand items in time and memory that do not grow with them", async () => {
    async function* many(): AsyncGenerator<number> {
      for (let i = 0; i < 50_000; i++) yield i;
    }
    const { opened, open } = gate();
    async function* silent(): AsyncGenerator<number> {
      await opened;
      yield* [];
    }
    let count = 0;
    for await (const _ of mergeRoundRobin([many(), silent(), many()])) if (++count === 100_000) open();
    expect(count).toBe(100_000);
  });
});
