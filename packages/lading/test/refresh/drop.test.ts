import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  createConfig,
  destination,
  incremental,
  page,
  pipeline,
  resource,
  source,
  type Pipeline,
  type Resource,
  type Source,
} from "../../src/index.ts";
import { place, type Place } from "../sources/place.ts";

const config = createConfig({ providers: [], pipelineName: "p" });
let here: Place;
beforeEach(async () => {
  here = await place();
});
afterEach(() => here[Symbol.asyncDispose]());

const byCursor = (name: string, rows: readonly object[]): Resource =>
  resource({ name, writeDisposition: "append", incremental: incremental("n") }, () => rows as { n: number }[]);
const shop = (): Source =>
  source("shop", [
    byCursor("orders", [{ n: 5, lines: [{ taxes: [1] }] }]),
    byCursor("order_notes", [{ n: 5 }]),
    byCursor("visits", [{ n: 5 }]),
  ]);
const zoo = (): Source => source("zoo", [byCursor("animals", [{ n: 1 }]), byCursor("visits_to", [{ n: 1 }])]);

async function loaded(from: Source | readonly Source[] = shop()): Promise<Pipeline> {
  await here.run(from);
  return here.pipeline(from);
}
const tables = async (): Promise<unknown[]> =>
  (
    await here.rows(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'd' AND table_name NOT LIKE '\\_dlt%' ESCAPE '\\' ORDER BY 1",
    )
  ).flat();

test("a plan says what would go, and changes nothing", async () => {
  const made = await loaded();
  const before = [await tables(), await here.states()];
  const plan = await made.planDrop({ resources: "re:order", statePaths: "resources.visits.incremental" }, { config });
  expect(plan).toMatchObject({
    schema: "shop",
    resources: ["orders", "order_notes"],
    tables: expect.arrayContaining([
      { name: "order_notes", hasData: true },
      { name: "orders", hasData: true },
      { name: "orders__lines", hasData: true },
      { name: "orders__lines__taxes", hasData: true },
    ]),
    resourceStates: ["orders", "order_notes"],
    statePaths: ["shop.resources.visits.incremental"],
    warnings: [],
    isEmpty: false,
  });
  const names = plan.tables.map(({ name }) => name);
  expect(names.indexOf("orders__lines__taxes")).toBeLessThan(names.indexOf("orders__lines"));
  expect(names.indexOf("orders__lines")).toBeLessThan(names.indexOf("orders"));
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  expect([await tables(), await here.states()]).toEqual(before);
});

test("tables go with all that is nested in them, and what their resources remember; others stay", async () => {
  const made = await loaded();
  const { load, plan } = await made.drop({ resources: ["orders"] }, { config });
  expect(load).toMatchObject({ schema: "shop", dropped: ["orders__lines__taxes", "orders__lines", "orders"] });
  expect(plan.isEmpty).toBe(false);
  expect(await tables()).toEqual(["order_notes", "visits"]);
  const state = (await here.states()).at(-1)!;
  expect(Object.keys(state.sources!["shop"]!["resources"] as object)).toEqual(["order_notes", "visits"]);
  expect(Object.keys((await here.schema("shop")).tables)).not.toContain("orders");
  expect(existsSync(`${here.work}/p/packages/${load!.loadId}`)).toBe(false);
  // And it is loaded from its start.
  await here.run(shop());
  expect(await here.rows("SELECT n FROM d.orders")).toEqual([["5"]]);
  expect(await here.rows("SELECT n FROM d.visits")).toEqual([["5"]]);
});

test("the state alone goes where that is asked for", async () => {
  const made = await loaded();
  await made.drop({ all: true, onlyState: true }, { config });
  expect((await tables()).length).toBe(5);
  await here.run(shop());
  expect(await here.rows("SELECT n FROM d.visits")).toEqual([["5"], ["5"]]);
});

test("on a machine that has nothing the destination is asked", async () => {
  const made = await loaded();
  await here.forget();
  expect((await made.drop({ all: true }, { config })).plan.resources).toEqual(["orders", "order_notes", "visits"]);
  expect(await tables()).toEqual([]);
});

test("where nothing is found nothing is done, and it is said what there is", async () => {
  const made = await loaded();
  const loads = await here.rows("SELECT load_id FROM d._dlt_loads");
  const { load, plan } = await made.drop({ resources: "order", statePaths: "page" }, { config });
  expect(load).toBeUndefined();
  expect(plan).toMatchObject({
    isEmpty: true,
    warnings: [
      'No table of the schema "shop" is of order. Did you mean "orders"? Its resources are: orders, order_notes, visits.',
      '"page" leads to nothing in what the source "shop" remembers.',
    ],
  });
  expect(await here.rows("SELECT load_id FROM d._dlt_loads")).toEqual(loads);
});

test("what is not said, cannot be read, or is not there is an error", async () => {
  const made = await loaded();
  for (const request of [
    {},
    { onlyState: true },
    { resources: "re:(" },
    { statePaths: "a[" },
    { all: true, schema: "other" },
  ])
    await expect(made.planDrop(request, { config })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  const nobody = pipeline({
    name: "q",
    source: shop(),
    destination: here.destination,
    dataset: "d",
    workingFolder: here.work,
  });
  await expect(nobody.drop({ all: true }, { config })).rejects.toMatchObject({ code: "PIPELINE_NOT_FOUND" });
});

describe("of several schemas", () => {
  test("the one in which it is found is meant", async () => {
    const made = await loaded([shop(), zoo()]);
    const { plan } = await made.drop({ resources: "animals" }, { config });
    expect(plan.schema).toBe("zoo");
    expect(await tables()).not.toContain("animals");
    await here.run([shop(), zoo()]);
    expect(await here.rows("SELECT n FROM d.animals")).toEqual([["1"]]);
    expect(await here.rows("SELECT n FROM d.orders")).toEqual([["5"]]);
  });

  test("it must be said which, where it is found in more than one", async () => {
    const made = await loaded([shop(), zoo()]);
    for (const request of [{ all: true }, { resources: "re:visits" }])
      await expect(made.planDrop(request, { config })).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
        details: { schemas: ["shop", "zoo"] },
      });
    await made.drop({ all: true, schema: "zoo" }, { config });
    expect(await tables()).toEqual(["order_notes", "orders", "orders__lines", "orders__lines__taxes", "visits"]);
  });
});

describe("a plan", () => {
  test("is what is done", async () => {
    const made = await loaded();
    const plan = await made.planDrop({ resources: "visits" }, { config });
    expect((await made.drop(plan, { config })).plan).toEqual(plan);
  });

  test("is not done where the pipeline was loaded since", async () => {
    const made = await loaded();
    const plan = await made.planDrop({ resources: "visits" }, { config });
    await here.run(source("shop", [byCursor("visits", [{ n: 6 }])]));
    await expect(made.drop(plan, { config })).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await here.rows("SELECT n FROM d.visits ORDER BY n")).toEqual([["5"], ["6"]]);
  });
});

describe("unfinished work", () => {
  const failing = (): Source =>
    source("shop", [
      byCursor("orders", []),
      resource("late", async function* () {
        yield page({ rows: [{ n: 1 }], position: 1 });
        await Promise.resolve();
        throw new Error("the server is ill");
      }),
    ]);

  test("that was read stops a drop, until it is finished or dropped", async () => {
    const made = await loaded();
    await expect(here.run(failing())).rejects.toThrow("the server is ill");
    await expect(made.drop({ all: true }, { config })).rejects.toMatchObject({
      code: "UNFINISHED_WORK",
      hint: expect.stringContaining("--fresh"),
    });
    await here.run(shop(), { fresh: true });
    await made.drop({ all: true }, { config });
    expect(await tables()).toEqual([]);
  });

  test("of several sources stops it too", async () => {
    const ill = source("zoo", [
      resource("animals", () => {
        throw new Error("the zoo is closed");
      }),
    ]);
    await expect(here.run([shop(), ill])).rejects.toThrow("the zoo is closed");
    const made = here.pipeline([shop(), zoo()]);
    await expect(made.drop({ resources: "orders" }, { config })).rejects.toMatchObject({ code: "UNFINISHED_WORK" });
  });
});

test("a destination that cannot drop says so, and drops what is remembered", async () => {
  const sent: unknown[] = [];
  const crm = destination({ name: "crm", write: ({ rows }) => void sent.push(...rows) });
  const made = pipeline({ name: "p", source: shop(), destination: crm, dataset: "d", workingFolder: here.work });
  await made.run({ config, minFreeDisk: 0 });
  await expect(made.drop({ resources: "visits" }, { config })).rejects.toMatchObject({ code: "DROP_UNSUPPORTED" });
  await made.drop({ resources: "visits", onlyState: true }, { config });
  sent.length = 0;
  await made.run({ config, minFreeDisk: 0 });
  expect(sent).toEqual([{ n: 5 }]);
});

describe("sync", () => {
  test("says what the next run begins with", async () => {
    const made = await loaded([shop(), zoo()]);
    await here.forget();
    const found = await made.sync({ config });
    const [[last] = []] = await here.rows("SELECT max(load_id) FROM d._dlt_loads");
    expect(found).toMatchObject({
      pipeline: "p",
      destination: "duckdb",
      dataset: "d",
      lastLoadId: last,
      missing: [],
      state: {
        version: 2,
        loadId: last,
        defaultSchema: "shop",
        sources: { zoo: { resources: { animals: { incremental: { n: { last_value: 1 } } } } } },
      },
      schemas: [
        { name: "shop", tables: ["orders", "order_notes", "visits", "orders__lines", "orders__lines__taxes"] },
        { name: "zoo", version: 2, tables: ["animals", "visits_to"] },
      ],
    });
    const { hash } = found.schemas[1]!;
    expect(await here.rows(`SELECT count(*) FROM d._dlt_version WHERE version_hash = '${hash}'`)).toEqual([["1"]]);
    expect(existsSync(`${here.work}/p`)).toBe(false);
  });

  test("of a pipeline that never ran finds nothing", async () => {
    expect(await here.pipeline(shop()).sync({ config })).toMatchObject({
      state: undefined,
      schemas: [],
      lastLoadId: undefined,
    });
  });
});
