import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createConfig, resource, source, type Source } from "../../src/index.ts";
import { failureOf, place, type Place } from "../bad-input/place.ts";

const password = "s3cr3t-of-the-shop";
const config = createConfig({
  providers: [],
  values: { sources: { shop: { password, page_size: 3 } }, runtime: { keep: 2 }, unused: 1 },
});

/** A source that asks for a secret and a setting. */
const shop = (more: () => void = () => {}): Source =>
  source("shop", [
    resource({ name: "orders" }, function* ({ config: own }) {
      own.secret("password");
      own.get("page_size");
      yield [
        { id: 1, lines: [1, 2] },
        { id: 2, lines: [3] },
      ];
      more();
    }),
  ]);

const kept = (p: Place): string => join(p.home, "p", "last-run.json");

describe("lastRun()", () => {
  test("is nothing before the first run", async () => {
    await using p = await place();
    expect(await p.pipeline(shop()).lastRun()).toBeUndefined();
  });

  test("says what was done: steps with their times, rows and bytes by table, resources, settings without values", async () => {
    await using p = await place();
    const made = p.pipeline(shop());
    const result = await made.run({ config });
    const trace = (await made.lastRun())!;
    expect(trace).toMatchObject({
      format: 1,
      command: "run",
      pipeline: "p",
      destination: "duckdb",
      location: p.file,
      dataset: "d",
      outcome: "done",
      kind: "new",
      loads: JSON.parse(JSON.stringify(result.loads)) as unknown,
      pending: [],
      resources: { orders: { rows: 2, pages: 1 } },
      warnings: [],
    });
    expect(trace.loads[0]?.tables).toMatchObject({ orders: { rows: 2 }, orders__lines: { rows: 3 } });
    expect(trace.loads[0]?.tables["orders"]?.bytes).toBeGreaterThan(0);
    expect(trace.error).toBeUndefined();
    expect(trace.steps.map(({ step, loadId, outcome }) => [step, loadId, outcome])).toEqual([
      ["begin", undefined, "done"],
      ["extract", undefined, "done"],
      ["load", result.loads[0]!.loadId, "done"],
    ]);
    const times = trace.steps.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]);
    expect(times.toSorted()).toEqual(times);
    expect([times[0], times.at(-1)]).toEqual([trace.startedAt, trace.finishedAt]);
    const settings = new Map(trace.settings.map(({ key, ...found }) => [key, found]));
    expect(settings.get("sources.shop.password")).toEqual({
      isSecret: true,
      place: "sources.shop.password in given in code",
    });
    expect(settings.get("sources.shop.page_size")).toMatchObject({ isSecret: false });
    expect(settings.has("unused")).toBe(false);
    expect(await readFile(kept(p), "utf8")).not.toContain(password);
  });

  test("says of a run that failed where and why, and no secret", async () => {
    await using p = await place();
    const cause = new Error(`401 for ${password} and ${encodeURIComponent(password)}`);
    const made = p.pipeline(
      shop(() => {
        throw cause;
      }),
    );
    const error = await failureOf(made.run({ config }));
    const trace = (await made.lastRun())!;
    expect(trace).toMatchObject({
      outcome: "failed",
      loads: [],
      error: {
        code: "RESOURCE_FAILED",
        hint: error.hint,
        causes: ["401 for [secret sources.shop.password] and [secret sources.shop.password]"],
      },
    });
    expect(trace.kind).toBeUndefined();
    expect(trace.error?.stack).toContain("LadingError");
    expect(trace.steps.at(-1)).toMatchObject({ step: "extract", outcome: "failed" });
    expect(await readFile(kept(p), "utf8")).not.toContain(password);
  });

  test("is that of the last step, with what waits", async () => {
    await using p = await place();
    const made = p.pipeline(shop());
    const { pending } = await made.extract({ config });
    expect(await made.lastRun()).toMatchObject({ command: "extract", pending, loads: [] });
    expect(pending[0]?.tables).toMatchObject([
      { name: "orders", rows: 2 },
      { name: "orders__lines", rows: 3 },
    ]);
    await made.load({ config });
    const trace = (await made.lastRun())!;
    expect(trace).toMatchObject({ command: "load", pending: [], loads: [{ tables: { orders: { rows: 2 } } }] });
    expect(trace.steps.map(({ step }) => step)).toEqual(["begin", "load"]);
  });

  test("is kept whole or as it was: what can not be read is nothing, what cannot be written is a warning", async () => {
    await using p = await place();
    const made = p.pipeline(shop());
    await made.run({ config });
    await writeFile(kept(p), "{");
    expect(await made.lastRun()).toBeUndefined();
    await writeFile(kept(p), '{"format":2}');
    expect(await made.lastRun()).toBeUndefined();
    await made.run({ config });
    expect((await made.lastRun())?.outcome).toBe("done");
    expect((await readdir(join(p.home, "p"))).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  test("is not that of a run that was not let in, nor kept where the setting says so", async () => {
    await using p = await place();
    const made = p.pipeline(shop());
    const nested: unknown[] = [];
    const waiting = source("shop", [
      resource({ name: "orders" }, async () => {
        nested.push((await failureOf(made.run({ config }))).code);
        return [[{ id: 1 }]];
      }),
    ]);
    await p.run(waiting, { config });
    expect(nested).toEqual(["PIPELINE_LOCKED"]);
    expect((await made.lastRun())?.outcome).toBe("done");

    const off = createConfig({
      providers: [],
      values: { enable_runtime_trace: false, sources: { shop: { password } } },
    });
    const before = await readFile(kept(p), "utf8");
    await made.run({ config: off });
    expect(await readFile(kept(p), "utf8")).toBe(before);
  });
});
