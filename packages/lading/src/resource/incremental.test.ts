import { describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import { parseExact, parseFast } from "../util/json.ts";
import type { Exact } from "../util/exact.ts";
import { resource } from "./define-resource.ts";
import { incremental, type Incremental } from "./incremental.ts";
import { page } from "./page.ts";
import { allRows, testContext } from "./test-context.ts";
import type { StateValue } from "./state-value.ts";

type Row = Readonly<Record<string, unknown>>;
type State = Record<string, StateValue>;

/** Runs a resource once over given pages, each a JSON text; gives back the ids of the rows that passed. */
async function run(
  state: State,
  cursor: Incremental,
  pages: readonly string[],
  primaryKey?: string | readonly string[],
): Promise<unknown[]> {
  const made = resource(
    { name: "t", incremental: cursor, ...(primaryKey !== undefined && { primaryKey }) },
    function* () {
      for (const text of pages)
        yield page({ rows: parseFast(text) as Row[], exact: () => parseExact(text) as Exact[] });
    },
  );
  return (await allRows(made, testContext({ state }))).map((row) => row["id"]);
}

function cursorState(state: State, path = "at"): StateValue | undefined {
  return (state["incremental"] as Record<string, StateValue> | undefined)?.[path];
}

async function code(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return LadingError.is(error) ? error.code : error;
  }
  return undefined;
}

describe("incremental, as dlt does it", () => {
  test("rows at or before the cursor are left out, boundary rows are not repeated", async () => {
    const state: State = {};
    const cursor = incremental("at", { initialValue: "2024-01-01T00:00:00Z" });
    expect(
      await run(state, cursor, [
        '[{"id":1,"at":"2024-01-02T00:00:00Z"},{"id":2,"at":"2023-12-31T00:00:00Z"},{"id":3,"at":"2024-01-03T00:00:00Z"}]',
      ]),
    ).toEqual([1, 3]);
    expect(cursorState(state)).toEqual({
      initial_value: "2024-01-01T00:00:00Z",
      last_value: "2024-01-03T00:00:00Z",
      start_value: "2024-01-01T00:00:00Z",
      unique_hashes: ["8CYBRHCdxE/3"],
    });
    expect(
      await run(state, cursor, [
        '[{"id":3,"at":"2024-01-03T00:00:00Z"},{"id":4,"at":"2024-01-03T00:00:00Z"},{"id":5,"at":"2024-01-02T00:00:00Z"}]',
      ]),
    ).toEqual([4]);
    expect(cursorState(state)).toMatchObject({
      start_value: "2024-01-03T00:00:00Z",
      unique_hashes: ["8CYBRHCdxE/3", "2eSHmSi0aDve"],
    });
    expect(
      await run(state, cursor, ['[{"id":4,"at":"2024-01-03T00:00:00Z"},{"id":6,"at":"2024-01-04T00:00:00Z"}]']),
    ).toEqual([6]);
    expect(cursorState(state)).toMatchObject({ last_value: "2024-01-04T00:00:00Z", unique_hashes: ["XLeAiwBi8JxW"] });
  });

  test("a closed window keeps no state", async () => {
    const state: State = {};
    const rows = ['[{"id":1,"at":1},{"id":2,"at":5},{"id":3,"at":9}]'];
    expect(await run(state, incremental("at", { initialValue: 2, endValue: 9 }), rows)).toEqual([2]);
    expect(await run(state, incremental("at", { initialValue: 2, endValue: 9, rangeEnd: "closed" }), rows)).toEqual([
      2, 3,
    ]);
    expect(await run(state, incremental("at", { initialValue: 5, endValue: 9, rangeStart: "open" }), rows)).toEqual([]);
    expect(state).toEqual({});
  });

  test("numbers and dates are cursors too", async () => {
    const state: State = {};
    expect(
      await run(state, incremental("at"), ['[{"_dlt_id":"r1","id":1,"at":1.5},{"_dlt_id":"r2","id":2,"at":2.25}]']),
    ).toEqual([1, 2]);
    expect(cursorState(state)).toEqual({
      initial_value: null,
      last_value: 2.25,
      start_value: null,
      unique_hashes: ["X+Ffe/Oa8jKt"],
    });
    const days: State = {};
    await run(days, incremental("at", { initialValue: "2024-01-01" }), ['[{"_dlt_id":"d1","id":1,"at":"2024-03-05"}]']);
    expect(cursorState(days)).toMatchObject({ last_value: "2024-03-05", unique_hashes: ["I1E0PO+SbMLi"] });
  });

  test("a lag looks back, and the state never goes back", async () => {
    const state: State = {};
    const cursor = incremental("at", { lag: 5 });
    expect(await run(state, cursor, ['[{"id":1,"at":10},{"id":2,"at":20}]'], "id")).toEqual([1, 2]);
    expect(cursorState(state)).toEqual({ initial_value: null, last_value: 20, start_value: null, unique_hashes: [] });
    expect(await run(state, cursor, ['[{"id":3,"at":16},{"id":4,"at":14}]'], "id")).toEqual([3]);
    expect(cursorState(state)).toEqual({ initial_value: null, last_value: 20, start_value: 20, unique_hashes: [] });
    expect(await run(state, cursor, ['[{"id":5,"at":21}]'], "id")).toEqual([5]);
    expect(cursorState(state)).toMatchObject({ last_value: 21, start_value: 20 });
  });

  test("the smallest value can be the furthest", async () => {
    const state: State = {};
    const cursor = incremental("at", { lastValueFunc: "min" });
    expect(await run(state, cursor, ['[{"_dlt_id":"r1","id":1,"at":5},{"_dlt_id":"r2","id":2,"at":3}]'])).toEqual([
      1, 2,
    ]);
    expect(cursorState(state)).toMatchObject({ last_value: 3, unique_hashes: ["G2eBHhuscQZQ"] });
    expect(await run(state, cursor, ['[{"_dlt_id":"s1","id":3,"at":4},{"_dlt_id":"s2","id":4,"at":1}]'])).toEqual([4]);
    expect(cursorState(state)).toMatchObject({ last_value: 1, start_value: 3, unique_hashes: ["YHZrvRcwaRwJ"] });
  });

  test("a function of one's own does as max does, where it is max", async () => {
    const rows = ['[{"id":1,"at":5},{"id":2,"at":9},{"id":3,"at":7}]', '[{"id":4,"at":9},{"id":5,"at":1}]'];
    const state: State = {};
    const cursor = incremental("at", {
      initialValue: 5,
      lastValueFunc: (values) => Math.max(...values.map(Number)),
    });
    expect(await run(state, cursor, rows)).toEqual([1, 2, 3, 4]);
    const other: State = {};
    expect(await run(other, incremental("at", { initialValue: 5 }), rows)).toEqual([1, 2, 3, 4]);
    expect(state).toEqual(other);
  });

  test.each([
    ["include" as const, [1, 2, 3], ["e5JaCGv3UhAn"]],
    ["exclude" as const, [1], ["e5JaCGv3UhAn"]],
  ])("rows with no value: %s", async (onCursorValueMissing, expected, unique_hashes) => {
    const state: State = {};
    const rows = ['[{"_dlt_id":"r1","id":1,"at":1},{"_dlt_id":"r2","id":2},{"_dlt_id":"r3","id":3,"at":null}]'];
    expect(await run(state, incremental("at", { onCursorValueMissing }), rows)).toEqual(expected);
    expect(cursorState(state)).toMatchObject({ last_value: 1, unique_hashes });
  });

  test("rows with no value are an error where nothing was said", async () => {
    expect(await code(() => run({}, incremental("at"), ['[{"id":1}]']))).toBe("CURSOR_MISSING");
    expect(await code(() => run({}, incremental("at"), ['[{"id":1,"at":null}]']))).toBe("CURSOR_MISSING");
  });

  test("a cursor can lie within the row", async () => {
    const state: State = {};
    const cursor = incremental("m.u");
    await run(state, cursor, ['[{"_dlt_id":"r1","id":1,"m":{"u":1}},{"_dlt_id":"r2","id":2,"m":{"u":4}}]']);
    expect(cursorState(state, "m.u")).toMatchObject({ last_value: 4, unique_hashes: ["dbrBRQpeWnyl"] });
    expect(
      await run(state, cursor, ['[{"_dlt_id":"s1","id":3,"m":{"u":4}},{"_dlt_id":"s2","id":4,"m":{"u":5}}]']),
    ).toEqual([3, 4]);
    expect(cursorState(state, "m.u")).toMatchObject({ last_value: 5, start_value: 4, unique_hashes: ["lnDmVFYkGlTO"] });
  });

  test("with an open start rows at the boundary are left out, and nothing is remembered", async () => {
    const state: State = {};
    const cursor = incremental("at", { rangeStart: "open" });
    expect(await run(state, cursor, ['[{"id":1,"at":1}]'])).toEqual([1]);
    expect(await run(state, cursor, ['[{"id":2,"at":1},{"id":3,"at":2}]'])).toEqual([3]);
    expect(cursorState(state)).toEqual({ initial_value: null, last_value: 2, start_value: 1, unique_hashes: [] });
  });

  test("boundary rows are known by the primary key, of the resource or of the cursor", async () => {
    const first = ['[{"id":1,"at":5},{"id":2,"at":5}]'];
    const second = ['[{"id":2,"at":5,"x":"changed"},{"id":3,"at":5},{"id":4,"at":6}]'];
    const state: State = {};
    expect(await run(state, incremental("at"), first, "id")).toEqual([1, 2]);
    expect(cursorState(state)).toMatchObject({ unique_hashes: ["669czW83KR00", "Tp44cKMYfAuJ"] });
    expect(await run(state, incremental("at"), second, "id")).toEqual([3, 4]);
    expect(cursorState(state)).toMatchObject({ last_value: 6, start_value: 5, unique_hashes: ["9ydaHrzwo9f8"] });

    const own: State = {};
    await run(own, incremental("at", { primaryKey: ["id"] }), first, "x");
    expect(cursorState(own)).toMatchObject({ unique_hashes: ["Lj3E34tIJ/Zx", expect.any(String)] });
    const none: State = {};
    await run(none, incremental("at", { primaryKey: [] }), first, "id");
    expect(await run(none, incremental("at", { primaryKey: [] }), second, "id")).toEqual([2, 3, 4]);
    expect(await code(() => run({}, incremental("at"), first, "uuid"))).toBe("CURSOR_KEY_MISSING");
  });
});

describe("incremental, hashes of older dlt", () => {
  const stored = (hashes: readonly string[]): State => ({
    incremental: { at: { initial_value: null, last_value: 2, start_value: null, unique_hashes: hashes } },
  });

  test("are matched and added to while the value stays, and end when it moves", async () => {
    const state = stored(["Tp44cKMYfAuJiBfxLAqu"]);
    expect(await run(state, incremental("at"), ['[{"id":2,"at":2},{"id":5,"at":2}]'], "id")).toEqual([5]);
    expect(cursorState(state)).toMatchObject({ unique_hashes: ["Tp44cKMYfAuJiBfxLAqu", "tIXXf9wiHssyAgHEzQnu"] });
    expect(await run(state, incremental("at"), ['[{"id":5,"at":2},{"id":1,"at":3}]'], "id")).toEqual([1]);
    expect(cursorState(state)).toMatchObject({ last_value: 3, unique_hashes: ["669czW83KR00"] });
  });
});

describe("incremental, where Lading does better", () => {
  test("times are compared as instants, not as texts", async () => {
    const state: State = {};
    const cursor = incremental("at", { initialValue: "2024-01-01T00:00:00Z" });
    expect(await run(state, cursor, ['[{"id":1,"at":"2024-01-02T00:30:00+02:00"}]'])).toEqual([1]);
    expect(
      await run(state, cursor, ['[{"id":2,"at":"2024-01-01T23:00:00Z"},{"id":3,"at":"2024-01-01T22:29:59.9Z"}]']),
    ).toEqual([2]);
  });

  test("a descending order is not over at a row that was there before: new ones may have the same value", async () => {
    const state: State = {};
    const cursor = incremental("at", { rowOrder: "desc" });
    await run(state, cursor, ['[{"id":1,"at":1}]']);
    const pages = ['[{"id":1,"at":1}]', '[{"id":2,"at":1}]', '[{"id":3,"at":0}]', '[{"id":4,"at":2}]'];
    expect(await run(state, cursor, pages)).toEqual([2]);
  });

  test("integers beyond 2^53 are compared and kept with every digit", async () => {
    const state: State = {};
    const cursor = incremental("id");
    const made = async (text: string): Promise<number> => (await run(state, cursor, [text])).length;
    expect(await made('[{"id":9007199254740993},{"id":9007199254740992}]')).toBe(2);
    expect(cursorState(state, "id")).toMatchObject({ last_value: 9007199254740993n });
    expect(await made('[{"id":9007199254740992},{"id":9007199254740993},{"id":9007199254740994}]')).toBe(1);
  });

  test("a Date is a cursor, and is in the state as dlt writes it", async () => {
    const state: State = {};
    const rows = [{ id: 1, at: new Date("2024-01-02T03:04:05.678Z") }];
    const made = resource(
      { name: "t", incremental: incremental("at", { initialValue: new Date(0) }) },
      ({ cursor }) => {
        expect(cursor.start).toEqual(rows.length === 1 ? new Date(0) : new Date("2024-01-02T03:04:05.678Z"));
        return rows;
      },
    );
    expect(await allRows(made, testContext({ state }))).toHaveLength(1);
    expect(cursorState(state)).toMatchObject({
      initial_value: "\uf0271970-01-01T00:00:00+00:00",
      last_value: "\uf0272024-01-02T03:04:05.678000+00:00",
    });
    rows.push({ id: 2, at: new Date("2024-01-03T00:00:00Z") });
    expect(await allRows(made, testContext({ state }))).toEqual([rows[1]]);
  });

  test("values of different kinds are an error, and so is what has no order", async () => {
    const from = (initialValue: string | number) => incremental("at", { initialValue });
    expect(await code(() => run({}, from(5), ['[{"id":1,"at":"x"}]']))).toBe("CURSOR_INVALID");
    expect(await code(() => run({}, from("x"), ['[{"id":1,"at":5}]']))).toBe("CURSOR_INVALID");
    expect(await code(() => run({}, from(5), ['[{"id":1,"at":true}]']))).toBe("CURSOR_INVALID");
    expect(await code(() => run({}, from(5), ['[{"id":1,"at":{"x":1}}]']))).toBe("CURSOR_INVALID");
  });

  test.each([
    { endValue: 1 },
    { initialValue: 2, endValue: 1 },
    { initialValue: 2, endValue: 3, lastValueFunc: "min" },
    { lag: -1 },
    { lag: 1, lastValueFunc: (values: readonly unknown[]) => values[0] },
    { rowOrder: "up" },
    { onCursorValueMissing: "drop" },
    { rangeStart: "half" },
    { lastValueFunc: "avg" },
    { initial_value: 1 },
  ])("settings that cannot be are refused: %o", async (settings) => {
    expect(await code(() => incremental("at", settings as never))).toBe("INVALID_ARGUMENT");
  });

  test("many rows with one value are warned of, once", async () => {
    const context = testContext();
    const made = resource({ name: "t", incremental: incremental("at") }, function* () {
      for (let n = 0; n < 3; n++) yield Array.from({ length: 150 }, (_, id) => ({ id: n * 1000 + id, at: 1 }));
    });
    await allRows(made, context);
    expect(context.warnings).toHaveLength(1);
    expect(context.warnings[0]).toContain("more than 200");
  });
});
