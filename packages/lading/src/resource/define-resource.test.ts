import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { LadingError } from "../errors/index.ts";
import type { Exact } from "../util/exact.ts";
import { fromPlain, parseExact, parseFast } from "../util/json.ts";
import { stringify } from "../util/json-text.ts";
import { resource } from "./define-resource.ts";
import { page, type Page } from "./page.ts";
import type { Resource } from "./resource.ts";
import { allPages, allRows, testContext } from "./test-context.ts";

/** A page as an HTTP client makes it: fast rows, and exact ones on demand. */
type AnyRow = Record<string, unknown>;
function textPage(text: string, more: Pick<Page, "position" | "bytes"> = {}): Page<AnyRow> {
  const rows = parseFast(text) as AnyRow[];
  return page({ rows, exact: () => parseExact(text) as Exact[], ...more });
}

async function onlyPage(given: Resource): Promise<Page> {
  const [first, ...others] = await allPages(given);
  if (!first || others.length > 0) throw new Error("not one page");
  return first;
}

async function failure(run: () => unknown): Promise<LadingError> {
  try {
    await run();
  } catch (error) {
    if (LadingError.is(error)) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("resource", () => {
  const rows = [{ id: 1 }, { id: 2 }];

  test.each([
    ["an array", rows],
    ["an iterable", new Set(rows)],
    ["a function that gives an array", () => rows],
    ["a function that gives a promise", async () => rows],
    [
      "a generator function",
      function* () {
        yield* rows;
      },
    ],
    [
      "an async generator function",
      async function* () {
        yield* rows;
      },
    ],
    ["a function that gives one page", () => page({ rows })],
    ["a page", page({ rows })],
    ["lists of rows", [[{ id: 1 }], [{ id: 2 }]]],
  ])("reads %s", async (_, data) => {
    const made = resource("things", data as typeof rows);
    expect(await allRows(made)).toEqual(rows);
    expect(await allRows(made)).toEqual(rows);
  });

  test("reads a generator once, and says so when it is read again", async () => {
    const once = resource(
      "things",
      (function* () {
        yield* rows;
      })(),
    );
    expect(await allRows(once)).toEqual(rows);
    expect((await failure(() => allRows(once))).message).toContain("was read already");
    expect((await failure(() => allRows(once.filter(() => true)))).code).toBe("INVALID_ARGUMENT");
  });

  test("refuses what cannot be gone through", async () => {
    expect((await failure(() => resource("things", "abc" as never))).message).toContain("a string");
    expect((await failure(() => resource("things", { id: 1 } as never))).message).toContain("a single object");
    const promised = resource("things", (async () => ({ id: 1 })) as never);
    expect((await failure(() => allRows(promised))).code).toBe("INVALID_ARGUMENT");
  });

  test("refuses empty names and unknown options", async () => {
    expect((await failure(() => resource(" ", rows))).code).toBe("NAME_EMPTY");
    const wrong = await failure(() => resource({ name: "things", primarykey: "id" } as never, rows));
    expect(wrong.message).toContain('"primarykey"');
    expect(wrong.hint).toContain("primaryKey");
  });

  test("can be gone through row by row, without a pipeline", async () => {
    const seen: unknown[] = [];
    for await (const row of resource("things", rows).map(({ id }) => id)) seen.push(row);
    expect(seen).toEqual([1, 2]);
  });

  test("gives its function the context, and an empty cursor", async () => {
    const context = testContext({ state: { seen: 1 }, position: { page: 3 } });
    const made = resource("things", (own) => {
      expect(own.signal).toBe(context.signal);
      expect(own.position).toEqual({ page: 3 });
      expect(own.cursor).toEqual({ start: undefined, last: undefined, end: undefined });
      own.state["seen"] = 2;
      return rows;
    });
    await allRows(made, context);
    expect(context.state).toEqual({ seen: 2 });
  });

  test("is never changed by its methods", async () => {
    const made = resource({ name: "things", primaryKey: "id" }, rows);
    const other = made
      .filter(({ id }) => id > 1)
      .map(({ id }) => ({ key: id }))
      .with({ name: "others", primaryKey: "key", writeDisposition: "merge", selected: false });
    expect(await allRows(made)).toEqual(rows);
    expect(await allRows(other)).toEqual([{ key: 2 }]);
    expect(made.hints).toEqual({ primaryKey: "id" });
    expect(other.hints).toEqual({ primaryKey: "key", writeDisposition: "merge" });
    expect([made.name, other.name, made.selected, other.selected]).toEqual(["things", "others", true, false]);
  });

  test("a run that was stopped never looks finished", async () => {
    const controller = new AbortController();
    const made = resource("ticks", async function* ({ signal }) {
      for (let n = 0; !signal.aborted; n++) {
        yield [{ n }];
        controller.abort(new Error("stopped"));
      }
    });
    await expect(allRows(made, testContext({ signal: controller.signal }))).rejects.toThrow("stopped");
  });
});

describe("addLimit", () => {
  test("counts pages, and closes the producer", async () => {
    let closed = false;
    const made = resource("pages", async function* () {
      try {
        for (let n = 0; ; n++) yield [{ n }];
      } finally {
        closed = true;
      }
    });
    expect(await allRows(made.addLimit(2))).toEqual([{ n: 0 }, { n: 1 }]);
    expect(closed).toBe(true);
    expect(await allRows(made.addLimit(5).addLimit(1))).toEqual([{ n: 0 }]);
    expect(await allRows(made.addLimit(0))).toEqual([]);
    expect((await failure(() => made.addLimit(1.5))).code).toBe("INVALID_ARGUMENT");
  });

  test("may count rows, and does not split a page", async () => {
    const made = resource("pages", () => [[{ n: 1 }, { n: 2 }], [], [{ n: 3 }, { n: 4 }], [{ n: 5 }]]);
    const limited = made.addLimit({ maxItems: 3, countRows: true });
    expect(await allRows(limited)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(await allPages(made.addLimit({ maxItems: 2 }))).toHaveLength(2);
    expect(await allRows(limited.filter(({ n }) => n > 1))).toHaveLength(3);
  });

  test("may be of time: it ends with the first page that comes after it", async () => {
    let last = 0;
    const made = resource("pages", function* () {
      for (let n = 1; ; n++) {
        const start = performance.now();
        while (performance.now() - start < 30);
        yield [{ n: (last = n) }];
      }
    }).addLimit({ maxTime: 0.05, maxItems: 1000 });
    const rows = await allRows(made);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(2);
    expect(rows).toHaveLength(last);
  });

  test("of time or rows counts on after a crash, too", async () => {
    const made = resource("pages", async function* ({ position }) {
      for (let n = Number(position ?? 0); n < 10; n++) yield page({ rows: [{ n }, { n }], position: n + 1 });
    }).addLimit({ maxItems: 5, countRows: true, maxTime: 3600 });
    const [first] = await allPages(made);
    const rest = await allPages(made, testContext({ position: first?.position }));
    expect(rest.map(({ rows }) => rows.length)).toEqual([2, 2]);
    const late = { ...(first?.position as object), limit: { items: 0, milliseconds: 3_600_001 } };
    expect(await allPages(made, testContext({ position: late }))).toEqual([]);
  });

  test.each([{}, { maxItems: -1 }, { maxTime: 0 }, { maxTime: 1, countRows: true }, { pages: 1 }, 0.5])(
    "refuses %j",
    async (limit) => {
      expect((await failure(() => resource("a", []).addLimit(limit))).code).toBe("INVALID_ARGUMENT");
    },
  );

  test("counts on where a run goes on after a crash", async () => {
    const made = resource("pages", async function* ({ position }) {
      const from = position === undefined ? 0 : (position as { next: number }).next;
      for (let n = from; n < 10; n++) yield page({ rows: [{ n }], position: { next: n + 1 } });
    }).addLimit(3);
    const [first] = await allPages(made);
    const rest = await allPages(made, testContext({ position: first?.position }));
    expect(rest.map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    expect(rest.at(-1)?.position).toBeNull();
  });
});

describe("yieldMap", () => {
  test("puts any number of rows in a row's place, from lists, generators and promises", async () => {
    const made = resource("orders", [
      [
        { id: 1, of: [1, 2] },
        { id: 2, of: [] },
      ],
      [{ id: 3, of: [3] }],
    ]);
    const expected = [
      { id: 1, line: 1 },
      { id: 1, line: 2 },
      { id: 3, line: 3 },
    ];
    expect(await allRows(made.yieldMap(({ id, of }) => of.map((line) => ({ id, line }))))).toEqual(expected);
    const yielded = made.yieldMap(function* ({ id, of }) {
      for (const line of of) yield { id, line };
    });
    expect(await allRows(yielded)).toEqual(expected);
    const slowly = made.yieldMap(async function* ({ id, of }) {
      await Promise.resolve();
      for (const line of of) yield { id, line };
    });
    expect(await allRows(slowly)).toEqual(expected);
    expect(await allRows(made.yieldMap(async ({ id }) => [{ id }]))).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  test("keeps position, size, and the digits of what a function leaves alone", async () => {
    const text = '[{"id":9007199254740993,"rate":12.345678901234567891},{"id":2,"rate":1.0}]';
    const made = resource("things", [textPage(text, { position: 7, bytes: 9 })]).yieldMap((row) => [
      row,
      { ...row, n: 1 },
    ]);
    const after = await onlyPage(made);
    expect(after).toMatchObject({ position: 7, bytes: 9 });
    expect(stringify(after.exact?.() as Exact[])).toBe(
      '[{"id":9007199254740993,"rate":12.345678901234567},{"id":9007199254740993,"rate":12.345678901234567,"n":1},' +
        '{"id":2,"rate":1.0},{"id":2,"rate":1.0,"n":1}]',
    );
  });

  test.each([() => 5, () => "text", () => undefined, () => [null]])("refuses what is no rows", async (f) => {
    const made = resource("things", [{ id: 1 }]).yieldMap(f as unknown as () => object[]);
    expect(await failure(() => allRows(made))).toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("map and filter", () => {
  test("keep position and size of a page", async () => {
    const made = resource("things", [textPage('[{"id":1},{"id":2}]', { position: { next: "x" }, bytes: 19 })]);
    const after = await onlyPage(made.filter(({ id }) => id === 2).map((row) => ({ ...row, more: true })));
    expect(after).toMatchObject({ rows: [{ id: 2, more: true }], position: { next: "x" }, bytes: 19 });
  });

  test("keep the digits of what a function leaves alone", async () => {
    const text = '[{"id":9007199254740993,"rate":12.345678901234567891,"one":1.0,"drop":1}]';
    const made = resource("things", [textPage(text)]).map(({ drop, ...row }): AnyRow => ({
      ...row,
      two: Number(drop) + 1,
    }));
    const after = await onlyPage(made);
    expect(stringify(after.exact?.() as Exact[])).toContain('"id":9007199254740993');
    expect(stringify(after.exact?.() as Exact[])).toBe(
      '[{"id":9007199254740993,"rate":12.345678901234567,"one":1.0,"two":2}]',
    );
  });

  test("functions see a bigint where a number would be wrong", async () => {
    const seen: unknown[] = [];
    const made = resource("things", [textPage('[{"id":9007199254740993},{"id":7}]')]).filter(
      ({ id }) => seen.push(id) > 0,
    );
    await allRows(made);
    expect(seen).toEqual([9007199254740993n, 7]);
  });

  test("exact rows stay at the indexes of their rows, whatever is left out", async () => {
    const row = fc.record({ id: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), keep: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        const text = `[${rows.map(({ id, keep }) => `{"id":${id},"keep":${keep}}`).join()}]`;
        const after = await onlyPage(
          resource("things", [textPage(text)])
            .filter(({ keep }) => keep === true)
            .map((one): AnyRow => ({ ...one, seen: 1 }))
            .filter(async ({ id }) => (typeof id === "bigint" ? id : BigInt(id as number)) >= 0n),
        );
        const expected = rows.filter(({ id, keep }) => keep && id >= 0n);
        expect(after.rows).toHaveLength(expected.length);
        expect(stringify((after.exact?.() ?? []) as Exact[])).toBe(
          stringify(expected.map(({ id, keep }) => ({ id, keep, seen: 1 }))),
        );
      }),
      { numRuns: 60 },
    );
  });

  test("a page without exact rows stays without", async () => {
    const after = await onlyPage(resource("things", [[{ id: 1 }]]).map(({ id }) => ({ id: id + 1 })));
    expect(after.exact).toBeUndefined();
    expect(fromPlain(after.rows)).toEqual([new Map([["id", 2n]])]);
  });

  test("exact rows are made only when they are asked for, and once", async () => {
    let asked = 0;
    const given = page({ rows: [{ id: 1 }], exact: () => (asked++, [new Map([["id", 1n]])]) });
    const after = await onlyPage(resource("things", [given]).map((row) => row));
    expect(asked).toBe(0);
    after.exact?.();
    after.exact?.();
    expect(asked).toBe(1);
  });

  test("a map that gives nothing back is an error", async () => {
    const made = resource("things", [{ id: 1 }]).map(() => {});
    expect((await failure(() => allRows(made))).hint).toContain("filter()");
  });
});

describe("schema", () => {
  const Order = z.object({ id: z.int(), placedAt: z.coerce.date(), lines: z.array(z.object({ sku: z.string() })) });

  test("rows are what the schema makes of them, with the digits that it leaves alone", async () => {
    const text = '[{"id":1,"placedAt":"2024-05-01","lines":[],"extra":true}]';
    const after = await onlyPage(resource({ name: "orders", schema: Order }, [textPage(text)]));
    const placedAt = new Date("2024-05-01");
    expect(after.rows).toEqual([{ id: 1, placedAt, lines: [] }]);
    expect(after.exact?.()).toEqual([
      new Map<string, Exact>([
        ["id", 1n],
        ["placedAt", placedAt],
        ["lines", []],
      ]),
    ]);
  });

  test("a row that is not as it should be is an error that says where", async () => {
    const made = resource({ name: "orders", schema: Order }, [
      { id: 1, placedAt: "2024-05-01", lines: [{ sku: "A" }] },
      { id: 1.5, placedAt: "2024-05-01", lines: [{ sku: 7 }] },
    ]);
    const error = await failure(() => allRows(made));
    expect(error.code).toBe("VALIDATION_FAILED");
    expect(error.message).toContain('Row 2 on page 1 of "orders"');
    expect(error.message).toContain("lines[0].sku: ");
    expect(error.details).toMatchObject({
      resource: "orders",
      row: 1,
      issues: [{ path: "id" }, { path: "lines[0].sku" }],
    });
  });

  test("schemas may take their time", async () => {
    const Slow = z.object({ id: z.number().refine(async (id) => id > 0) });
    expect(await allRows(resource({ name: "slow", schema: Slow }, [{ id: 1 }]))).toEqual([{ id: 1 }]);
    expect((await failure(() => allRows(resource({ name: "slow", schema: Slow }, [{ id: 0 }])))).code).toBe(
      "VALIDATION_FAILED",
    );
  });
});
