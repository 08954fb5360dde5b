import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createConfig,
  incremental,
  page,
  resource,
  source,
  type Pipeline,
  type Resource,
  type Source,
} from "../../src/index.ts";
import { failureOf, place, type Place } from "../bad-input/place.ts";

const settings = { config: createConfig({ providers: [] }), minFreeDisk: 0 };

/** Numbers up to `last`, of which only those after the cursor are new. */
function numbers(last: number, more: Record<string, unknown> = {}): Resource {
  const hints = { name: "t", writeDisposition: "append", primaryKey: "id", incremental: incremental("id") } as const;
  return resource(hints, () => [
    Array.from({ length: last }, (_one, index) => ({ id: index + 1, name: "x", list: [index], ...more })),
  ]);
}
const upTo = (last: number, more?: Record<string, unknown>): Source => source("s", [numbers(last, more)]);

const ids = "SELECT id::INT FROM d.t ORDER BY id";
const versions = "SELECT version::INT, version_hash FROM d._dlt_version ORDER BY version";
const states = "SELECT version::INT, version_hash FROM d._dlt_pipeline_state ORDER BY version";

const breakTable = (p: Place): Promise<unknown> => p.sql("ALTER TABLE d.t ALTER COLUMN name TYPE DATE USING NULL");
const mendTable = (p: Place): Promise<unknown> => p.sql("ALTER TABLE d.t ALTER COLUMN name TYPE VARCHAR");

describe("extract() and load()", () => {
  test("are a run in two halves", async () => {
    await using p = await place();
    const made = p.pipeline(upTo(2));
    const extracted = await made.extract(settings);
    expect(extracted).toMatchObject({
      kind: "new",
      loads: [],
      resources: { t: { rows: 2 } },
      pending: [
        {
          schema: "s",
          dataset: "d",
          tables: [
            { name: "t", rows: 2 },
            { name: "t__list", rows: 2 },
          ],
        },
      ],
    });
    expect(String(extracted)).toMatch(
      /has loaded nothing .* yet[^]*Package \S+ waits to be loaded: 4 rows in 2 tables\./,
    );

    const loaded = await made.load(settings);
    expect(loaded).toMatchObject({ kind: "new", pending: [], loads: [{ tables: { t: { rows: 2, total: 2 } } }] });
    expect(loaded.loads[0]!.loadId).toBe(extracted.pending[0]!.loadId);
    expect(await p.sql(ids)).toEqual([[1], [2]]);
    expect(await made.load(settings)).toMatchObject({ kind: "nothing", loads: [] });
    expect(await made.extract(settings)).toMatchObject({ kind: "nothing", pending: [] });
  });

  test("several times in a row each goes on from the one before; what is loaded is what runs would have loaded", async () => {
    await using p = await place();
    await using other = await place();
    const steps = [upTo(2), upTo(3), upTo(5, { extra: "x" }), upTo(6)];
    for (const step of steps) await p.pipeline(step).extract(settings);
    expect((await p.pipeline(upTo(6)).load(settings)).loads.map(({ tables }) => tables["t"]!.rows)).toEqual([
      2, 1, 2, 1,
    ]);
    for (const step of steps) await other.run(step);
    expect(await p.sql(ids)).toEqual([[1], [2], [3], [4], [5], [6]]);
    for (const sql of [ids, versions, states, "SELECT count(*) FROM d._dlt_loads"]) {
      const [here, there] = [await p.sql(sql), await other.sql(sql)];
      expect(here).toEqual(there);
    }
  });

  test("extract() asks the destination nothing where packages wait", async () => {
    await using p = await place();
    await p.pipeline(upTo(2)).extract(settings);
    const away = p.with({ file: "no/such/folder/x.duckdb" });
    expect((await away.pipeline(upTo(4)).extract(settings)).pending).toHaveLength(2);
    await p.pipeline(upTo(4)).load(settings);
    expect(await p.sql(ids)).toEqual([[1], [2], [3], [4]]);
  });

  test("a run loads what was extracted, and that is the whole run", async () => {
    await using p = await place();
    for (const last of [1, 2]) await p.pipeline(upTo(last)).extract(settings);
    const run = await p.run(upTo(3));
    expect(run).toMatchObject({ kind: "unfinished", pending: [] });
    expect(run.loads).toHaveLength(2);
    expect((await p.run(upTo(3))).kind).toBe("new");
    expect(await p.sql(ids)).toEqual([[1], [2], [3]]);
  });

  test("a package that fails stops those after it; mended, all are loaded in order", async () => {
    await using p = await place();
    await p.run(upTo(1));
    for (const last of [2, 3]) await p.pipeline(upTo(last)).extract(settings);
    await breakTable(p);
    const made = p.pipeline(upTo(3));
    const failed = await failureOf(made.load(settings));
    expect(failed.code).toBe("TABLE_CHANGED");
    expect((await made.lastRun())?.pending.map(({ failure }) => failure?.code)).toEqual(["TABLE_CHANGED", undefined]);
    expect(await p.sql("SELECT count(*)::INT FROM d._dlt_loads")).toEqual([[1]]);
    await mendTable(p);
    expect((await made.load(settings)).loads).toHaveLength(2);
    expect(await p.sql(ids)).toEqual([[1], [2], [3]]);
  });

  test("a load of another machine in between is noticed, by the whole chain", async () => {
    await using p = await place();
    await p.run(upTo(1));
    for (const last of [2, 3]) await p.pipeline(upTo(last)).extract(settings);
    await p.with({ home: "elsewhere" }).run(upTo(2));
    const made = p.pipeline(upTo(3));
    expect((await failureOf(made.load(settings))).code).toBe("CONFLICT");
    const { warnings, kind } = await made.run({ ...settings, fresh: true });
    expect(warnings.filter((warning) => warning.includes("set aside"))).toHaveLength(2);
    expect(kind).toBe("new");
    expect(await p.sql(ids)).toEqual([[1], [2], [3]]);
  });

  test("a draft that goes on from a package is gone on with, also after that is loaded", async () => {
    await using p = await place();
    await p.pipeline(upTo(2)).extract(settings);
    let isDown = true;
    const breaking = source("s", [
      resource(
        { name: "t", writeDisposition: "append", incremental: incremental("id") },
        async function* ({ position }) {
          if (position === undefined) yield page({ rows: [{ id: 3, list: [] }], position: 1 });
          await Promise.resolve();
          if (isDown) throw new Error("down");
          yield page({ rows: [{ id: 4, list: [] }], position: null });
        },
      ),
    ]);
    await failureOf(p.pipeline(breaking).extract(settings));
    await p.pipeline(breaking).load(settings);
    isDown = false;
    expect((await p.pipeline(breaking).extract(settings)).kind).toBe("unfinished");
    await p.run(breaking);
    expect(await p.sql(ids)).toEqual([[1], [2], [3], [4]]);
  });

  test("with commits along the way each part waits, and the next extraction goes on after it", async () => {
    await using p = await place();
    let isDown = true;
    const asked: number[] = [];
    const long = source("s", [
      resource({ name: "t", writeDisposition: "append" }, async function* ({ position }) {
        for (let n = typeof position === "number" ? position : 1; n <= 4; n++) {
          asked.push(n);
          await Promise.resolve();
          if (n === 3 && isDown) throw new Error("down");
          yield page({ rows: [{ id: n }], position: n < 4 ? n + 1 : null });
        }
      }),
    ]);
    const byPage = { ...settings, commitEvery: { pages: 1 } };
    await failureOf(p.pipeline(long).extract(byPage));
    await rm(join(p.home, "p", "draft"), { recursive: true, force: true });
    isDown = false;
    expect(await p.pipeline(long).extract(byPage)).toMatchObject({ kind: "unfinished" });
    await p.pipeline(long).load(settings);
    expect(await p.sql(ids)).toEqual([[1], [2], [3], [4]]);
    expect(asked.filter((n) => n < 3)).toEqual([1, 2]);
    expect((await p.sql(states)).length).toBeGreaterThan(1);
    expect((await p.run(long)).kind).toBe("new");
  });

  test("of several sources each waits by itself; broken off between two, only the rest is read", async () => {
    await using p = await place();
    const asked: string[] = [];
    let isDown = true;
    const one = (name: string): Source =>
      source(name, [
        resource({ name: `${name}_rows` }, () => {
          asked.push(name);
          if (name === "b" && isDown) throw new Error("down");
          return [[{ id: 1 }]];
        }),
      ]);
    const both = (): Pipeline => p.pipeline([one("a"), one("b")]);
    await failureOf(both().extract(settings));
    isDown = false;
    const { pending } = await both().extract(settings);
    expect(pending.map(({ schema }) => schema)).toEqual(["a", "b"]);
    expect(asked).toEqual(["a", "b", "b"]);
    await both().load(settings);
    expect(await p.sql("SELECT (SELECT count(*)::INT FROM d.a_rows), (SELECT count(*)::INT FROM d.b_rows)")).toEqual([
      [1, 1],
    ]);
    expect((await both().run(settings)).kind).toBe("new");
  });

  test("with fresh, what was read and not sealed is read again, and packages stay", async () => {
    await using p = await place();
    await p.pipeline(upTo(1)).extract(settings);
    const { pending } = await p.pipeline(upTo(2)).extract({ ...settings, fresh: true });
    expect(pending).toHaveLength(2);
  });
});
