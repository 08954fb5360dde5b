import fc from "fast-check";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { resource } from "./define-resource.ts";
import { incremental } from "./incremental.ts";
import { page } from "./page.ts";
import type { Resource } from "./resource.ts";
import { allRows, testContext } from "./test-context.ts";
import { transformer } from "./transformer.ts";

const parent = resource("parent", [{ id: 1 }, { id: 2 }, { id: 3 }]);

async function fed(child: Resource, rows: readonly unknown[]): Promise<unknown[]> {
  const made: unknown[] = [];
  if (!child.pagesOf) throw new Error("no transformer");
  for await (const item of child.pagesOf(rows, testContext())) made.push(...page(item as { rows: unknown[] }).rows);
  return made;
}

describe("transformer", () => {
  test("is fed the rows of its parent", async () => {
    const child = transformer({ name: "child", from: parent }, ({ id }) => ({ id, double: id * 2 }));
    expect(child.parent).toBe(parent);
    expect(await fed(child, [{ id: 5 }, { id: 6 }])).toEqual([
      { id: 5, double: 10 },
      { id: 6, double: 12 },
    ]);
  });

  test("may give a row, rows, a page, something that yields rows, a promise of these, or nothing", async () => {
    const child = transformer({ name: "child", from: parent }, (row): unknown => {
      const { id } = row;
      if (id === 1) return { id };
      if (id === 2) return [{ id }, { id }];
      if (id === 3) return page({ rows: [{ id }] });
      if (id === 4) return Promise.resolve({ id });
      if (id === 5) return null;
      if (id === 6) {
        return (async function* () {
          yield { id };
          yield [{ id }];
        })();
      }
      return undefined;
    });
    const made = await fed(
      child,
      [1, 2, 3, 4, 5, 6, 7].map((id) => ({ id })),
    );
    expect(made).toEqual([1, 2, 2, 3, 4, 6, 6].map((id) => ({ id })));
  });

  test("can be refined and checked as any resource", async () => {
    const child = transformer(
      { name: "child", from: parent, primaryKey: "id", schema: z.object({ id: z.coerce.string() }) },
      ({ id }) => ({ id }),
    );
    expect(
      await fed(
        child.filter(({ id }) => id !== "1").map(({ id }) => ({ key: id })),
        [{ id: 1 }, { id: 2 }],
      ),
    ).toEqual([{ key: "2" }]);
  });

  test("reads its parent when it is read by itself, and so do its children", async () => {
    const child = transformer({ name: "child", from: parent.addLimit(1) }, ({ id }) => [{ id }, { id: -id }]);
    const grandchild = transformer({ name: "grandchild", from: child }, ({ id }) => (id < 0 ? { id } : undefined));
    expect(await allRows(grandchild)).toEqual([{ id: -1 }, { id: -2 }, { id: -3 }]);
  });

  test("keeps the order of the rows, whatever is under way at a time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (delays, concurrency) => {
          let running = 0;
          let most = 0;
          const rows = delays.map((delay, id) => ({ id, delay }));
          const child = transformer(
            { name: "child", from: resource("parent", rows), concurrency },
            async ({ id, delay }) => {
              most = Math.max(most, ++running);
              await wait(delay);
              running--;
              return { id };
            },
          );
          expect(await fed(child, rows)).toEqual(rows.map(({ id }) => ({ id })));
          expect(most).toBeLessThanOrEqual(concurrency);
        },
      ),
      { numRuns: 20 },
    );
  });

  test("an error of one row comes in its turn, and no other is left unheard", async () => {
    const child = transformer({ name: "child", from: parent, concurrency: 3 }, async ({ id }) => {
      if (id > 1) throw new Error(`row ${id}`);
      return { id };
    });
    await expect(fed(child, [{ id: 1 }, { id: 2 }, { id: 3 }])).rejects.toThrow("row 2");
  });

  test("gives no positions: those of what was made of one row do not say which row that was", async () => {
    const child = transformer({ name: "child", from: parent }, async function* ({ id }) {
      yield page({ rows: [{ id, n: 1 }], position: { next: 2 } });
      await Promise.resolve();
      yield page({ rows: [{ id, n: 2 }], position: null });
    });
    const made: unknown[] = [];
    for await (const item of child.pagesOf!([{ id: 1 }, { id: 2 }], testContext())) made.push(item);
    expect(made).toHaveLength(4);
    for (const item of made) expect(item).not.toHaveProperty("position");
    expect(await fed(child, [{ id: 1 }])).toEqual([
      { id: 1, n: 1 },
      { id: 1, n: 2 },
    ]);
  });

  test("without order rows come as they are made, and no slow one holds up another", async () => {
    let release = (): void => {};
    const slow = new Promise<void>((resolve) => (release = resolve));
    const child = transformer(
      { name: "child", from: parent, concurrency: 2, ordered: false },
      async function* ({ id }) {
        yield { id, n: 1 };
        if (id === 1) await slow;
        if (id === 4) release();
        yield { id, n: 2 };
      },
    );
    const made = (await fed(child, [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }])) as { id: number; n: number }[];
    expect(made.findIndex(({ id, n }) => id === 1 && n === 2)).toBeGreaterThan(made.findIndex(({ id }) => id === 3));
    expect(made.toSorted((a, b) => a.id - b.id || a.n - b.n)).toEqual(
      [1, 2, 3, 4].flatMap((id) => [
        { id, n: 1 },
        { id, n: 2 },
      ]),
    );
  });

  test("without order an error ends it, and every producer is closed", async () => {
    const closed: number[] = [];
    const child = transformer(
      { name: "child", from: parent, concurrency: 3, ordered: false },
      async function* ({ id }) {
        try {
          yield { id };
          await wait(1);
          if (id === 2) throw new Error(`row ${id}`);
          yield { id };
        } finally {
          closed.push(id);
        }
      },
    );
    await expect(fed(child, [{ id: 1 }, { id: 2 }, { id: 3 }])).rejects.toThrow("row 2");
    await wait(5);
    expect(closed.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  test("a cursor whose rows are in order needs them in order", () => {
    const cursor = incremental("id", { rowOrder: "asc" });
    expect(() =>
      transformer({ name: "child", from: parent, ordered: false, incremental: cursor }, (row) => row),
    ).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error);
  });

  test("without a parent is piped: of as many parents as wanted, and on from there", async () => {
    const double = transformer({ name: "double", primaryKey: "id" }, (row: { id: number }) => ({ id: row.id * 2 }));
    const piped = parent.pipe(double);
    expect(piped).toMatchObject({ name: "double", parent, hints: { primaryKey: "id" } });
    expect(await fed(piped, [{ id: 5 }])).toEqual([{ id: 10 }]);
    const others = resource("others", [{ id: 7, more: 1 }]);
    const two = others.pipe(double.with({ name: "two", writeDisposition: "merge" }));
    expect(two).toMatchObject({ name: "two", parent: others, hints: { primaryKey: "id", writeDisposition: "merge" } });
    expect(await allRows(two.pipe(double.with({ name: "four" })).filter(({ id }) => id > 0))).toEqual([{ id: 28 }]);
  });

  test("refuses a limit, which would lose rows", () => {
    const child = transformer({ name: "child", from: parent }, (row) => row);
    expect(() => child.addLimit(1)).toThrow("cannot be limited");
    expect(() => transformer({ name: "child", from: parent, concurrency: 0 }, (row) => row)).toThrow("concurrency");
    expect(() => transformer({ name: "", from: parent }, (row) => row)).toThrow("empty");
  });
});
