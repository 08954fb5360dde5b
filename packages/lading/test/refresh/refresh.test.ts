import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  destination,
  incremental,
  page,
  pipeline,
  resource,
  source,
  transformer,
  type Batch,
  type Resource,
  type Source,
  type TableRemoval,
} from "../../src/index.ts";
import { place, type Place } from "../sources/place.ts";

let here: Place;
beforeEach(async () => {
  here = await place();
});
afterEach(() => here[Symbol.asyncDispose]());

interface Row {
  readonly n: number;
  readonly list?: readonly number[];
  readonly more?: string;
}

const byCursor = (name: string, rows: readonly Row[]): Resource =>
  resource({ name, writeDisposition: "append", incremental: incremental("n") }, () => rows);
const shop = (a: readonly Row[], b: readonly Row[]): Source => source("shop", [byCursor("a", a), byCursor("b", b)]);

const numbers = (table: string): Promise<unknown[][]> => here.rows(`SELECT n FROM d.${table} ORDER BY n`);
const cursors = async (): Promise<unknown> => (await here.states()).at(-1)?.sources;

test("drop_resources drops the tables of the resources that are loaded, and leaves the others", async () => {
  await here.run(shop([{ n: 5, list: [1] }], [{ n: 5 }]));
  const result = await here.run(shop([{ n: 1, more: "x" }], []), { refresh: "drop_resources", resources: ["a"] });
  expect(result.loads).toMatchObject([{ dropped: ["a__list", "a"], truncated: [] }]);
  expect(String(result)).toContain("dropped before it: a__list, a");
  expect(await here.rows("SELECT n, more FROM d.a")).toEqual([["1", "x"]]);
  await expect(here.rows("SELECT * FROM d.a__list")).rejects.toThrow("does not exist");
  expect(await numbers("b")).toEqual([["5"]]);
  expect(await cursors()).toMatchObject({
    shop: { resources: { a: { incremental: { n: { last_value: 1 } } }, b: { incremental: { n: { last_value: 5 } } } } },
  });
});

test("drop_sources drops all tables of the source, also of resources that are not loaded", async () => {
  await here.run(shop([{ n: 5 }], [{ n: 5 }]));
  const result = await here.run(shop([{ n: 1 }], []), { refresh: "drop_sources", resources: ["a"] });
  expect(result.loads[0]!.dropped.toSorted()).toEqual(["a", "b"]);
  await expect(numbers("b")).rejects.toThrow("does not exist");
  expect(Object.keys((await cursors()) as object)).toEqual(["shop"]);
  expect(JSON.stringify(await cursors())).not.toContain('"b"');
  expect(await here.rows("SELECT count(*) FROM d._dlt_version WHERE schema_name = 'shop'")).toEqual([["1"]]);
});

test("drop_data empties the tables, keeps their columns, and begins cursors anew", async () => {
  await here.run(shop([{ n: 5, list: [1], more: "x" }], [{ n: 5 }]));
  const result = await here.run(shop([{ n: 1 }], [{ n: 9 }]), { refresh: "drop_data", resources: ["a"] });
  expect(result.loads).toMatchObject([{ dropped: [], truncated: ["a__list", "a"] }]);
  expect(result.loads[0]!.tables).toMatchObject({
    a: { rows: 1, removed: 1, total: 1 },
    a__list: { removed: 1, total: 0 },
  });
  expect(await here.rows("SELECT n, more FROM d.a")).toEqual([["1", null]]);
  expect(await here.rows("SELECT * FROM d.a__list")).toEqual([]);
  expect(await numbers("b")).toEqual([["5"]]);
});

test("where nothing comes, the tables are gone all the same", async () => {
  await here.run(shop([{ n: 5 }], [{ n: 5 }]));
  const result = await here.run(shop([], []), { refresh: "drop_resources", resources: ["a"] });
  expect(result.kind).toBe("new");
  await expect(numbers("a")).rejects.toThrow("does not exist");
});

test("a parent that is only read for its children keeps its table, and is read from its start", async () => {
  const family = (rows: readonly Row[]): Source => {
    const parents = byCursor("parents", rows);
    return source("shop", [
      parents,
      transformer({ name: "children", from: parents }, (row) => ({ of: (row as Row).n })),
    ]);
  };
  await here.run(family([{ n: 1 }]));
  await here.run(family([{ n: 1 }]), { refresh: "drop_resources", resources: ["children"] });
  expect(await numbers("parents")).toEqual([["1"]]);
  expect(await here.rows("SELECT of FROM d.children")).toEqual([["1"]]);
});

test("of several sources those that are read are begun anew, each with its own load", async () => {
  const both = (n: number): Source[] => [
    source("first", [byCursor("a", [{ n }])]),
    source("second", [byCursor("b", [{ n }])]),
  ];
  await here.run(both(5));
  await here.run(both(1), { refresh: "drop_sources", resources: ["b"] });
  expect([await numbers("a"), await numbers("b")]).toEqual([[["5"]], [["1"]]]);
  await here.run(both(2), { refresh: "drop_sources" });
  expect([await numbers("a"), await numbers("b")]).toEqual([[["2"]], [["2"]]]);
});

test("an ordinary run after it goes on from there, on another machine too", async () => {
  await here.run(shop([{ n: 5 }], []));
  await here.run(shop([{ n: 1 }], []), { refresh: "drop_sources" });
  await here.forget();
  await here.run(shop([{ n: 1 }, { n: 2 }], []));
  expect(await numbers("a")).toEqual([["1"], ["2"]]);
});

test("the setting is heeded, and what it cannot be is an error", async () => {
  await using own = await place({ pipelines: { p: { refresh: "drop_sources" } } });
  await own.run(shop([{ n: 5 }], []));
  await own.run(shop([{ n: 1 }], []));
  expect(await own.rows("SELECT n FROM d.a")).toEqual([["1"]]);
  await using wrong = await place({ refresh: "everything" });
  await expect(wrong.run(shop([], []))).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await expect(here.run(shop([], []), { refresh: "all" as never })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});

/** Pages of one row, of which one fails while it is told to. */
function paged(pages: number, asked: number[], trouble: { failsAt?: number | undefined }): Source {
  return source("shop", [
    resource({ name: "a", writeDisposition: "append" }, async function* ({ position }) {
      for (let n = typeof position === "number" ? position : 0; n < pages; n++) {
        asked.push(n);
        await Promise.resolve();
        if (trouble.failsAt === n) throw new Error("the server is ill");
        yield page({ rows: [{ n }], position: n + 1 < pages ? n + 1 : null });
      }
    }),
  ]);
}

describe("a run that failed in the middle", () => {
  test("is gone on with by one that is told the same, and nothing was lost before", async () => {
    const asked: number[] = [];
    const trouble: { failsAt?: number | undefined } = {};
    await here.run(paged(2, asked, trouble));
    trouble.failsAt = 2;
    await expect(here.run(paged(4, asked, trouble), { refresh: "drop_sources" })).rejects.toThrow("the server is ill");
    expect(await numbers("a")).toEqual([["0"], ["1"]]);
    trouble.failsAt = undefined;
    asked.length = 0;
    expect((await here.run(paged(4, asked, trouble), { refresh: "drop_sources" })).kind).toBe("unfinished");
    expect(asked).toEqual([2, 3]);
    expect(await numbers("a")).toEqual([["0"], ["1"], ["2"], ["3"]]);
  });

  test("is dropped by one that is not", async () => {
    const trouble: { failsAt?: number | undefined } = {};
    await here.run(paged(2, [], trouble));
    trouble.failsAt = 1;
    await expect(here.run(paged(2, [], trouble), { refresh: "drop_sources" })).rejects.toThrow("the server is ill");
    trouble.failsAt = undefined;
    expect((await here.run(paged(2, [], trouble))).kind).toBe("new");
    expect(await numbers("a")).toEqual([["0"], ["0"], ["1"], ["1"]]);
  });
});

test("with commits along the way only the first drops, here and where the pull is gone on with", async () => {
  const trouble: { failsAt?: number | undefined } = {};
  await here.run(paged(3, [], trouble));
  trouble.failsAt = 4;
  const options = { refresh: "drop_sources", commitEvery: { pages: 2 } } as const;
  await expect(here.run(paged(6, [], trouble), options)).rejects.toThrow("the server is ill");
  expect(await numbers("a")).toEqual([["0"], ["1"], ["2"], ["3"]]);
  await here.forget();
  trouble.failsAt = undefined;
  const asked: number[] = [];
  const result = await here.run(paged(6, asked, trouble), options);
  expect(asked).toEqual([4, 5]);
  expect(result.loads.flatMap(({ dropped }) => dropped)).toEqual([]);
  expect(await numbers("a")).toEqual([["0"], ["1"], ["2"], ["3"], ["4"], ["5"]]);
});

test.each(["drop_sources", "drop_data"] as const)("%s goes with files that are loaded early", async (refresh) => {
  await here.run(paged(3, [], {}));
  const wide = source("shop", [
    resource({ name: "a", writeDisposition: "append" }, async function* () {
      for (let n = 0; n < 12; n++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        yield [{ n, ...(n > 8 ? { more: "x" } : {}) }];
      }
    }),
  ]);
  await here.run(wide, { refresh, partBytes: 1 });
  expect(await here.rows("SELECT count(*), count(more) FROM d.a")).toEqual([["12", "3"]]);
});

describe("a destination of one's own", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lading-refresh-own-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const options = { name: "p", dataset: "d" } as const;

  test("that has no way to take tables away refuses before anything is read", async () => {
    let read = 0;
    const rows = resource("a", () => {
      read++;
      return [{ n: 1 }];
    });
    const to = destination({ name: "crm", write: () => {} });
    const made = pipeline({ ...options, source: rows, destination: to, workingFolder: folder });
    await expect(made.run({ refresh: "drop_data" })).rejects.toMatchObject({ code: "DROP_UNSUPPORTED" });
    expect(read).toBe(0);
  });

  test("is told once, before the first row, and not again after a batch that failed", async () => {
    const calls: string[] = [];
    let fails = false;
    const to = destination({
      name: "crm",
      batchSize: 1,
      write({ table, rows }: Batch) {
        if (fails && calls.includes("a: 1")) throw new Error("busy");
        calls.push(`${table.name}: ${String(rows[0]!["n"])}`);
      },
      removeTables({ tables, how }: TableRemoval) {
        calls.push(`${how} ${tables.join(", ")}`);
      },
    });
    const made = (rows: readonly Row[]) =>
      pipeline({ ...options, source: source("shop", [byCursor("a", rows)]), destination: to, workingFolder: folder });
    await made([{ n: 7 }]).run();
    calls.length = 0;
    fails = true;
    const again = made([{ n: 1 }, { n: 2 }]);
    await expect(again.run({ refresh: "drop_data" })).rejects.toMatchObject({ code: "DESTINATION_FAILED" });
    fails = false;
    const result = await again.run({ refresh: "drop_data" });
    expect(result.warnings).toContain(
      "Nothing was begun anew (drop_data): unfinished work of an earlier run was finished first. Run again.",
    );
    expect(calls).toEqual(["empty a", "a: 1", "a: 2"]);
  });
});
