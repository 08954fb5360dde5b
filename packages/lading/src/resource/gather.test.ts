import fc from "fast-check";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { gather } from "./gather.ts";
import { isPage, page, type Page } from "./page.ts";

const signal = new AbortController().signal;
const still = { now: () => 0, signal };

async function collect(pages: AsyncIterable<Page>): Promise<(readonly unknown[])[]> {
  const all: (readonly unknown[])[] = [];
  for await (const { rows } of pages) all.push(rows);
  return all;
}

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield item;
}

describe("gather", () => {
  test("makes pages of rows that come one at a time", async () => {
    const rows = Array.from({ length: 7 }, (_, id) => ({ id }));
    expect((await collect(gather(rows, { ...still, maxRows: 3 }))).map(({ length }) => length)).toEqual([3, 3, 1]);
    expect((await collect(gather(later(rows), { ...still, maxRows: 3 }))).map(({ length }) => length)).toEqual([
      3, 3, 1,
    ]);
  });

  test("hands lists and pages on as they are, after the rows before them", async () => {
    const own = page({ rows: [5], position: { next: 2 }, bytes: 10 });
    const given = [1, 2, [3, 4], own, 6, null, undefined, []];
    const pages: Page[] = [];
    for await (const made of gather(given, still)) pages.push(made);
    expect(pages.map(({ rows }) => rows)).toEqual([[1, 2], [3, 4], [5], [6], []]);
    expect(pages[2]).toBe(own);
    expect(pages.every(isPage)).toBe(true);
  });

  test("loses nothing and keeps the order, however rows, lists and pages are mixed", async () => {
    const item = fc.oneof(
      fc.nat(),
      fc.array(fc.nat(), { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 5 }).map((rows) => page({ rows })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(item),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (items, maxRows, isAsync) => {
          const expected = items.flatMap((one) => (isPage(one) ? one.rows : one));
          const pages = await collect(gather(isAsync ? later(items) : items, { ...still, maxRows }));
          expect(pages.flat()).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("passes rows on as soon as the producer waits", async () => {
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    async function* slow(): AsyncGenerator<number> {
      yield 1;
      yield 2;
      await gate;
      yield 3;
    }
    const pages = gather(slow(), still);
    expect((await pages.next()).value?.rows).toEqual([1, 2]);
    release();
    expect((await pages.next()).value?.rows).toEqual([3]);
    expect((await pages.next()).done).toBe(true);
  });

  test("does not let the first row wait longer than it should", async () => {
    let time = 0;
    function* steady(): Generator<number> {
      for (let n = 0; n < 6; n++) {
        yield n;
        time += 40;
      }
    }
    const pages = await collect(gather(steady(), { now: () => time, signal, maxMilliseconds: 100 }));
    expect(pages).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
  });

  test("hands on what came before an error, then the error", async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      await wait(1);
      throw new Error("broken");
    }
    const pages = gather(broken(), still);
    expect((await pages.next()).value?.rows).toEqual([1]);
    await expect(pages.next()).rejects.toThrow("broken");
  });

  test("stops at once when it is aborted, even where the producer does not listen", async () => {
    const controller = new AbortController();
    async function* deaf(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => {});
    }
    const pages = gather(deaf(), { now: () => 0, signal: controller.signal });
    await pages.next();
    const next = pages.next();
    controller.abort(new Error("stopped"));
    await expect(next).rejects.toThrow("stopped");
  });

  test("closes the producer when nobody wants more", async () => {
    const closed: string[] = [];
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let n = 0; ; n++) yield n;
      } finally {
        closed.push("async");
      }
    }
    function* endlessSync(): Generator<number> {
      try {
        for (let n = 0; ; n++) yield n;
      } finally {
        closed.push("sync");
      }
    }
    for await (const _ of gather(endless(), { ...still, maxRows: 2 })) break;
    for await (const _ of gather(endlessSync(), { ...still, maxRows: 2 })) break;
    expect(closed).toEqual(["async", "sync"]);
  });

  test("does not keep a listener for each row on a signal that lives long", async () => {
    const controller = new AbortController();
    let listeners = 0;
    const counting = new Proxy(controller.signal, {
      get(target, key) {
        if (key === "addEventListener") return () => void listeners++;
        if (key === "removeEventListener") return () => void listeners--;
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    await collect(gather(later(Array.from({ length: 50 }, (_, n) => n)), { now: () => 0, signal: counting }));
    expect(listeners).toBe(0);
  });
});
