import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createConfig } from "../../src/config/create-config.ts";
import { place, type Place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";

const loaded = (p: Place): Promise<string[]> => readdir(join(p.home, "p", "loaded"));

test("the last 20 loads leave their manifest, schema, state, journal and trace, and no rows", async () => {
  await using p = await place();
  for (let id = 0; id < 22; id++) await p.run(rowsOf([{ id }]));
  const kept = await loaded(p);
  expect(kept).toHaveLength(20);
  expect(await p.sql("SELECT min(load_id) FROM (SELECT load_id FROM d._dlt_loads ORDER BY 1 DESC LIMIT 20)")).toEqual([
    [kept.toSorted((a, b) => Number(a) - Number(b))[0]],
  ]);
  expect((await readdir(join(p.home, "p", "loaded", kept[0]!))).toSorted()).toEqual([
    "draft.json",
    "journal.jsonl",
    "manifest.json",
    "schema.json",
    "state.json",
    "trace.json",
  ]);
  expect((await readdir(join(p.home, "p"))).toSorted()).toEqual(["last-run.json", "loaded", "lock", "packages"]);
  expect(await readdir(join(p.home, "p", "lock"))).toEqual([]);
});

test("as many are kept as the option says, else the setting", async () => {
  await using p = await place();
  const config = createConfig({ providers: [], pipelineName: "p", values: { runtime: { keep: "2" } } });
  for (let id = 0; id < 4; id++) await p.run(rowsOf([{ id }]), { config });
  expect(await loaded(p)).toHaveLength(2);
  await p.run(rowsOf([{ id: 4 }]), { config, keep: 1 });
  expect(await loaded(p)).toHaveLength(1);
  const { loads } = await p.run(rowsOf([{ id: 5 }]), { keep: 0 });
  expect(await loaded(p)).toEqual([]);
  expect(await p.sql("SELECT count(*), max(load_id) FROM d._dlt_loads")).toEqual([["6", loads[0]?.loadId]]);
});

test.each([-1, 1.5, Number.NaN])("a number of loads to keep that is none is refused: %d", async (keep) => {
  await using p = await place();
  expect(await p.failure(rowsOf([{ id: 1 }]), { keep })).toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(await readdir(p.folder)).toEqual([]);
});

test("a setting that is none is refused, and its place is said", async () => {
  await using p = await place();
  for (const keep of ["many", "-1"]) {
    const config = createConfig({ providers: [], pipelineName: "p", values: { runtime: { keep } } });
    const error = await p.failure(rowsOf([{ id: 1 }]), { config });
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    expect(error.message).toContain("runtime.keep");
  }
});

test("the trace says what the load did, and where", async () => {
  await using p = await place();
  await p.run(rowsOf([{ id: 1 }, { id: 2 }], { writeDisposition: "merge", primaryKey: "id" }));
  const { loads } = await p.run(rowsOf([{ id: 2 }], { writeDisposition: "merge", primaryKey: "id" }));
  const text = await readFile(join(p.home, "p", "loaded", loads[0]!.loadId, "trace.json"), "utf8");
  expect(JSON.parse(text)).toMatchObject({
    format: 1,
    committedAt: expect.stringMatching(/^\d{4}-.+Z$/) as string,
    milliseconds: expect.any(Number) as number,
    location: p.file,
    tables: { t: { rows: 1, removed: 1, total: 2 } },
    changes: [],
    warnings: [],
  });
});
