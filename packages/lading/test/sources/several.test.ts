import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { incremental, page, resource, source, type Resource } from "../../src/index.ts";
import { place, type Place } from "./place.ts";

let here: Place;
beforeEach(async () => {
  here = await place();
});
afterEach(() => here[Symbol.asyncDispose]());

const rowsOf = (name: string, rows: readonly object[]): Resource =>
  resource({ name, writeDisposition: "append" }, rows);
const byCursor = (name: string, rows: readonly { readonly at: number }[]): Resource =>
  resource({ name, writeDisposition: "append", incremental: incremental("at") }, () => rows);

test("each source is loaded into a package and a schema of its own, and the state is one", async () => {
  const result = await here.run([
    source("zoo", [rowsOf("animals", [{ id: 1 }])]),
    source("farm", [rowsOf("cows", [{ id: 2 }])]),
  ]);
  expect(result.kind).toBe("new");
  expect(result.loads.map(({ schema }) => schema)).toEqual(["zoo", "farm"]);
  expect(Object.keys(result.resources)).toEqual(["animals", "cows"]);
  expect(await here.rows("SELECT schema_name FROM d._dlt_loads ORDER BY load_id")).toEqual([["zoo"], ["farm"]]);
  const [state, ...more] = await here.states();
  expect(more).toEqual([]);
  expect(state).toMatchObject({ default_schema_name: "zoo", schema_names: ["farm", "zoo"], _state_version: 1 });
  const zoo = await here.schema("zoo");
  expect(Object.keys(zoo.tables).filter((name) => !/version|loads/.test(name))).toEqual([
    "animals",
    "_dlt_pipeline_state",
  ]);
  const farm = await here.schema("farm");
  expect(Object.keys(farm.tables).filter((name) => !/version|loads/.test(name))).toEqual(["cows"]);
  expect(existsSync(join(here.work, "p", "remaining-sources.json"))).toBe(false);
});

test("what a source commits is the state up to its rows, and not that of those that come after it", async () => {
  const sources = () => [
    source("first", [byCursor("a", [{ at: 1 }])]),
    source("second", [byCursor("b", [{ at: 10 }])]),
  ];
  await here.run(sources());
  const states = await here.states();
  expect(states.map((state) => Object.keys(state.sources ?? {}))).toEqual([["first"], ["first", "second"]]);
  // The second state's row counts as a load of the default schema, as with dlt.
  expect(
    await here.rows(
      "SELECT l.schema_name, s.version FROM d._dlt_loads l LEFT JOIN d._dlt_pipeline_state s ON s._dlt_load_id = l.load_id ORDER BY l.load_id",
    ),
  ).toEqual([
    ["first", "1"],
    ["second", null],
    ["first", "2"],
  ]);
});

test("each goes on from its own cursor, on a machine that has nothing too", async () => {
  const sources = (more: readonly { readonly at: number }[]) => [
    source("first", [byCursor("a", [{ at: 1 }, ...more])]),
    source("second", [byCursor("b", [{ at: 1 }, ...more])]),
  ];
  await here.run(sources([]));
  await here.forget();
  await here.run(sources([{ at: 6 }]));
  expect(await here.rows('SELECT "at" FROM d.a ORDER BY 1')).toEqual([["1"], ["6"]]);
  expect(await here.rows('SELECT "at" FROM d.b ORDER BY 1')).toEqual([["1"], ["6"]]);
  const before = [await here.schema("first"), await here.schema("second")];
  await here.forget();
  await here.run(sources([{ at: 6 }]));
  expect([await here.schema("first"), await here.schema("second")]).toEqual(before);
});

test("where nothing is new, nothing is loaded", async () => {
  const sources = () => [source("first", [byCursor("a", [{ at: 1 }])]), source("second", [byCursor("b", [{ at: 1 }])])];
  await here.run(sources());
  await here.run(sources());
  const again = await here.run(sources());
  expect(again).toMatchObject({ kind: "nothing", loads: [] });
});

test("a source without rows takes nothing from the others", async () => {
  const result = await here.run([source("first", [rowsOf("a", [])]), source("second", [rowsOf("b", [{ id: 1 }])])]);
  expect(result.resources).toMatchObject({ a: { rows: 0 }, b: { rows: 1 } });
  // As with dlt the first one's schema has the state.
  expect(await here.rows("SELECT schema_name FROM d._dlt_loads ORDER BY load_id")).toEqual([["first"], ["second"]]);
});

test("resources are chosen from all sources, and a name that none has is an error", async () => {
  const sources = [
    source("first", [rowsOf("a", [{ id: 1 }]), rowsOf("shared", [{ id: 2 }])]),
    source("second", [rowsOf("b", [{ id: 3 }]), rowsOf("shared", [{ id: 4 }])]),
    source("third", [rowsOf("c", [{ id: 5 }])]),
  ];
  await expect(here.run(sources, { resources: ["d"] })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    hint: "There are: a, shared, b, c.",
  });
  const result = await here.run(sources, { resources: ["b", "shared"] });
  expect(result.loads.map(({ schema }) => schema)).toEqual(["first", "second"]);
  expect(Object.keys(result.resources)).toEqual(["first.shared", "b", "second.shared"]);
  expect(here.events.flatMap((event) => (event.type === "resource-finished" ? [event.resource] : []))).toEqual([
    "first.shared",
    "b",
    "second.shared",
  ]);
  const [state] = await here.states();
  expect(state).toMatchObject({ default_schema_name: "first", schema_names: ["first", "second"] });
});

test("two sources may load into one table, which only gets columns", async () => {
  await here.run([
    source("first", [rowsOf("a", [{ id: 1, x: 1 }])]),
    source("second", [rowsOf("a", [{ id: 2, y: "text", list: [{ z: 1 }] }])]),
  ]);
  expect(await here.rows("SELECT id, x, y FROM d.a ORDER BY id")).toEqual([
    ["1", "1", null],
    ["2", null, "text"],
  ]);
  expect(await here.rows("SELECT z FROM d.a__list")).toEqual([["1"]]);
  await expect(
    here.run([
      source("first", [rowsOf("a", [{ id: 3 }])]),
      source("second", [rowsOf("a", [{ id: 4, x: "no number" }])]),
    ]),
  ).rejects.toMatchObject({ code: "TABLE_CHANGED" });
});

test("each source has its own settings, naming and contract", async () => {
  await using own = await place({
    sources: { first: { token: "one" }, second: { token: "two", schema: { naming: "direct" } } },
  });
  const asks = (name: string): Resource => resource(name, ({ config }) => [{ someField: String(config.get("token")) }]);
  const sources = [
    source("first", [asks("tableOne")]),
    source("second", [asks("tableTwo")], { schemaContract: { columns: "freeze" } }),
  ];
  await own.run(sources);
  expect(await own.rows("SELECT some_field FROM d.table_one")).toEqual([["one"]]);
  expect(await own.rows('SELECT "someField" FROM d."tableTwo"')).toEqual([["two"]]);
  const more = (name: string): Resource => rowsOf(name, [{ someField: "", other: 1 }]);
  await own.run([source("first", [more("tableOne")]), sources[1]!]);
  await expect(
    own.run([sources[0]!, source("second", [more("tableTwo")], { schemaContract: { columns: "freeze" } })]),
  ).rejects.toMatchObject({ code: "CONTRACT_VIOLATED" });
});

test("what is wrong with one source is said before any other is read", async () => {
  let read = 0;
  const first = source("first", [
    resource("a", () => {
      read++;
      return [{ id: 1 }];
    }),
  ]);
  const second = source("second", [rowsOf("_dlt_mine", [{ id: 1 }])]);
  await expect(here.run([first, second])).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(read).toBe(0);
});

test("sources with one schema, and lists of both kinds, are refused", () => {
  const one = source("shop", [rowsOf("a", [])]);
  expect(() => here.pipeline([one, source("Shop", [rowsOf("b", [])])])).toThrow(
    expect.objectContaining({ code: "INVALID_ARGUMENT", details: { schema: "shop", sources: ["shop", "Shop"] } }),
  );
  expect(() => here.pipeline([one, rowsOf("b", [])] as never)).toThrow(
    expect.objectContaining({ code: "INVALID_ARGUMENT" }),
  );
});

/** Pages of one row each; fails once at a page, if it is told to. */
function paged(name: string, pages: number, asked: string[], trouble?: { failsAt: number | undefined }): Resource {
  return resource({ name, writeDisposition: "append" }, async function* ({ position }) {
    for (let n = typeof position === "number" ? position : 0; n < pages; n++) {
      asked.push(`${name}/${n}`);
      await Promise.resolve();
      if (trouble?.failsAt === n) throw new Error("the server is ill");
      yield page({ rows: [{ n }], position: n + 1 < pages ? n + 1 : null });
    }
  });
}

test("a run that failed in one source is gone on with there, and then with those after it", async () => {
  const asked: string[] = [];
  const trouble: { failsAt: number | undefined } = { failsAt: 2 };
  const sources = () => [
    source("first", [paged("a", 2, asked)]),
    source("second", [paged("b", 4, asked, trouble)]),
    source("third", [paged("c", 1, asked)]),
  ];
  await expect(here.run(sources())).rejects.toThrow("the server is ill");
  expect(await here.rows("SELECT n FROM d.a ORDER BY n")).toEqual([["0"], ["1"]]);
  trouble.failsAt = undefined;
  asked.length = 0;
  const result = await here.run(sources());
  expect(result.kind).toBe("unfinished");
  expect(asked).toEqual(["b/2", "b/3", "c/0"]);
  expect(here.events.filter(({ type }) => type === "resumed")).toMatchObject([{ what: "draft" }, { what: "sources" }]);
  expect(
    await here.rows("SELECT count(*) FROM d.a UNION ALL SELECT count(*) FROM d.b UNION ALL SELECT count(*) FROM d.c"),
  ).toEqual([["2"], ["4"], ["1"]]);
  expect((await here.run(sources())).kind).toBe("new");
});

test("one that is asked to begin anew begins with the first source", async () => {
  const asked: string[] = [];
  const trouble: { failsAt: number | undefined } = { failsAt: 0 };
  const sources = () => [source("first", [paged("a", 1, asked)]), source("second", [paged("b", 1, asked, trouble)])];
  await expect(here.run(sources())).rejects.toThrow("the server is ill");
  trouble.failsAt = undefined;
  asked.length = 0;
  expect((await here.run(sources(), { fresh: true })).kind).toBe("new");
  expect(asked).toEqual(["a/0", "b/0"]);
});

test("a run of other resources forgets what was left, and says so", async () => {
  const asked: string[] = [];
  const trouble: { failsAt: number | undefined } = { failsAt: 0 };
  const sources = () => [source("first", [paged("a", 1, asked)]), source("second", [paged("b", 1, asked, trouble)])];
  await expect(here.run(sources())).rejects.toThrow("the server is ill");
  const result = await here.run(sources(), { resources: ["a"] });
  expect(result.kind).toBe("new");
  expect(result.warnings).toContain(
    "An earlier run of other sources or resources had still to read second; that is forgotten.",
  );
});

test("commits along the way are made in each source", async () => {
  const asked: string[] = [];
  const result = await here.run([source("first", [paged("a", 5, asked)]), source("second", [paged("b", 5, asked)])], {
    commitEvery: { pages: 2 },
  });
  expect(result.loads.map(({ schema }) => schema)).toEqual(["first", "first", "first", "second", "second", "second"]);
  expect(await here.rows("SELECT count(*) FROM d.a UNION ALL SELECT count(*) FROM d.b")).toEqual([["5"], ["5"]]);
  const newest = (await here.states()).at(-1)!;
  expect(JSON.stringify(newest)).not.toContain("_lading");
});
