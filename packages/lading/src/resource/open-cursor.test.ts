import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Exact, ExactObject } from "../util/exact.ts";
import { fromPlain, parseExact } from "../util/json.ts";
import { stringify } from "../util/json-text.ts";
import { plainState } from "./cursor-state.ts";
import { resource } from "./define-resource.ts";
import { incremental, type Incremental } from "./incremental.ts";
import { page } from "./page.ts";
import type { StateValue } from "./state-value.ts";
import { allPages, allRows, testContext } from "./test-context.ts";

type State = Record<string, StateValue>;

function cursorState(state: State, path = "at"): StateValue | undefined {
  return (state["incremental"] as Record<string, StateValue> | undefined)?.[path];
}

describe("a run of an incremental resource", () => {
  test("shows its function where to read from", async () => {
    const seen: unknown[] = [];
    const made = resource({ name: "t", incremental: incremental("at", { initialValue: 1 }) }, function* ({ cursor }) {
      seen.push(cursor.start, cursor.last, cursor.end);
      yield [{ at: 4 }];
      seen.push(cursor.start, cursor.last);
    });
    const state: State = {};
    await allRows(made, testContext({ state }));
    await allRows(made, testContext({ state }));
    expect(seen).toEqual([1, 1, undefined, 1, 4, 4, 4, undefined, 4, 4]);
  });

  test("stops reading where the order says that the range is left", async () => {
    let pages = 0;
    const reading = (cursor: Incremental, values: readonly number[]) =>
      resource({ name: "t", incremental: cursor }, function* (): Generator<unknown[]> {
        for (const at of values) {
          pages++;
          yield [{ at }];
        }
      });
    const asc = reading(incremental("at", { initialValue: 0, endValue: 2, rowOrder: "asc" }), [0, 1, 2, 3]);
    expect(await allRows(asc)).toEqual([{ at: 0 }, { at: 1 }]);
    expect(pages).toBe(3);
    pages = 0;
    const desc = reading(incremental("at", { initialValue: 3, rowOrder: "desc" }), [5, 4, 3, 2, 1]);
    expect(await allRows(desc)).toEqual([{ at: 5 }, { at: 4 }, { at: 3 }]);
    expect(pages).toBe(4);
  });

  test("has its state from the beginning, and filters come before the cursor", async () => {
    const state: State = {};
    const made = resource({ name: "t", incremental: incremental("at", { initialValue: 1 }) }, [{ at: 9 }]).filter(
      ({ at }) => at < 5,
    );
    expect(await allRows(made, testContext({ state }))).toEqual([]);
    expect(cursorState(state)).toEqual({ initial_value: 1, last_value: 1, start_value: 1, unique_hashes: [] });
  });

  test("each state that was there stays as it was: a shallow copy is a snapshot", async () => {
    const context = testContext();
    const snapshots: State[] = [];
    const made = resource({ name: "t", incremental: incremental("at") }, [[{ at: 1 }], [{ at: 2 }]]);
    for await (const _ of made.pages(context)) snapshots.push({ ...context.state });
    expect(snapshots.map((state) => (cursorState(state) as { last_value: unknown }).last_value)).toEqual([1, 2]);
  });
});

describe("laws of incremental", () => {
  const key = (row: { id: number }) => row.id;

  test("over many runs no row is lost, and none comes twice, wherever a server cuts", async () => {
    const batches = fc.array(fc.array(fc.nat(3), { maxLength: 8 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 3 }), fc.boolean(), async (steps, size, hasKey) => {
        const table: { id: number; at: number }[] = [];
        const loaded: number[] = [];
        const state: State = {};
        const made = resource(
          { name: "t", incremental: incremental("at"), ...(hasKey && { primaryKey: "id" as const }) },
          function* ({ cursor }) {
            // A server that answers with everything from the value asked for on.
            const answer = table.filter(({ at }) => cursor.start === undefined || at >= (cursor.start as number));
            for (let from = 0; from < answer.length; from += size) yield answer.slice(from, from + size);
          },
        );
        let now = 0;
        for (const step of steps) {
          // Time goes on, and stands still at times: rows at the boundary come late.
          for (const wait of step) table.push({ id: table.length, at: (now += wait > 1 ? 1 : 0) });
          loaded.push(...(await allRows(made, testContext({ state }))).map(key));
        }
        expect(loaded).toEqual(table.map(key));
      }),
      { numRuns: 150 },
    );
  });

  test("broken off after any page and gone on with, a run ends as one that was not", async () => {
    const rows = fc.array(fc.record({ at: fc.nat(5), again: fc.boolean() }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.nat(20), async (first, second, cut) => {
        const all = second.map(({ at, again }, id) => ({ id: again ? id : 100 + id, at: at + 3 }));
        const reading = (given: readonly { id: number; at: number }[]) =>
          resource({ name: "t", primaryKey: "id", incremental: incremental("at") }, async function* ({ position }) {
            for (let n = position === undefined ? 0 : Number(position); n < given.length; n += 2) {
              yield page({ rows: given.slice(n, n + 2), position: n + 2 });
            }
          });
        const before: State = {};
        await allRows(reading(first.map(({ at }, id) => ({ id, at }))), testContext({ state: before }));

        const whole = structuredClone(before);
        const expected = await allRows(reading(all), testContext({ state: whole }));

        const context = testContext({ state: structuredClone(before) });
        const kept: unknown[] = [];
        let place: { position: unknown; state: State } = { position: undefined, state: structuredClone(before) };
        for await (const item of reading(all).pages(context)) {
          kept.push(...item.rows);
          place = { position: item.position, state: structuredClone(context.state) };
          if (cut-- <= 0) break;
        }
        const position = JSON.parse(JSON.stringify(place.position ?? null)) as null;
        if (place.position !== undefined) {
          kept.push(...(await allRows(reading(all), testContext({ state: place.state, position }))));
        }
        expect(kept).toEqual(expected);
        expect(place.state).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  test("positions keep what the resource said, with where the run began", async () => {
    const made = resource({ name: "t", incremental: incremental("at", { initialValue: 1 }) }, function* () {
      yield page({ rows: [{ at: 1 }], position: { next: "/2" } });
      yield page({ rows: [{ at: 2 }], position: null });
    });
    const pages = await allPages(made);
    expect(pages.map(({ position }) => position)).toEqual([{ at: { next: "/2" }, cursor: { start: 1 } }, null]);
  });
});

describe("a cursor that is a float", () => {
  const floats = (texts: readonly string[]) =>
    resource({ name: "t", primaryKey: "at", incremental: incremental("at") }, function* () {
      for (const text of texts)
        yield page({ rows: JSON.parse(text) as { at: number }[], exact: () => parseExact(text) as Exact[] });
    });
  /** The state as the wire has it, and the next run reads it. */
  const wire = (state: State): string => stringify(fromPlain(state["incremental"]));

  test("stays one in the state, whole or not, from run to run", async () => {
    let state: State = {};
    await allRows(floats(['[{"at":1.5},{"at":2.0}]']), testContext({ state }));
    expect(wire(state)).toContain('"last_value":2.0,');
    state = plainState(fromPlain(state) as ExactObject);
    expect(
      await allRows(floats(['[{"at":2.0}]', '[{"at":3}]', '[{"at":4.5}]', '[{"at":5.0}]']), testContext({ state })),
    ).toEqual([{ at: 3 }, { at: 4.5 }, { at: 5 }]);
    expect(wire(state)).toMatch(/"last_value":5.0,.*"start_value":2.0}/);
  });

  test("is one beside an initial value that cannot say whether it is", async () => {
    const state: State = {};
    const made = resource({ name: "t", incremental: incremental("at", { initialValue: 1 }) }, function* () {
      yield page({ rows: [{ at: 2 }], exact: () => parseExact('[{"at":2.0}]') as Exact[] });
    });
    await allRows(made, testContext({ state }));
    expect(wire(state)).toContain('"last_value":2.0,');
  });

  test("is a number to the resource's function, and in the position of a run", async () => {
    const state = plainState(parseExact('{"incremental":{"at":{"last_value":2.0,"unique_hashes":[]}}}') as ExactObject);
    const seen: unknown[] = [];
    const made = resource({ name: "t", incremental: incremental("at", { lag: 0.5 }) }, function* ({ cursor }) {
      seen.push(cursor.start, cursor.last);
      yield page({ rows: [{ at: 1.5 }, { at: 1.4 }], position: 1 });
    });
    const [only] = await allPages(made, testContext({ state }));
    expect([seen, only?.rows]).toEqual([[1.5, 1.5], [{ at: 1.5 }]]);
    expect(only?.position).toMatchObject({ cursor: { start: { float: "2.0" } } });
  });

  test("is not looked for in rows of integers more than once", async () => {
    let parsed = 0;
    const made = resource({ name: "t", primaryKey: "at", incremental: incremental("at") }, function* () {
      for (const at of [1, 2, 3])
        yield page({ rows: [{ at }], exact: () => (parsed++, [new Map([["at", BigInt(at)]])]) });
    });
    await allRows(made, testContext());
    expect(parsed).toBe(1);
  });
});

test("a run begins where the state was before the draft, and goes on from where it is now", async () => {
  const cursor = (last: number, hashes: readonly string[]) => ({
    incremental: { at: { initial_value: 0, last_value: last, start_value: 0, unique_hashes: hashes } },
  });
  const state: State = cursor(5, []);
  const made = resource({ name: "t", incremental: incremental("at") }, [{ at: 1 }, { at: 2 }, { at: 4 }]);
  const rows = await allRows(made, testContext({ state, stateBefore: cursor(2, []) }));
  expect(rows).toEqual([{ at: 2 }, { at: 4 }]);
  expect(cursorState(state)).toMatchObject({ last_value: 5, start_value: 2 });
});
