import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { page, resource, source, type Resource, type ResourceHints, type Source } from "../../src/resource/index.ts";
import { place, type Place } from "../bad-input/place.ts";
import { rowsOf } from "../bad-input/rows-of.ts";

const commitEvery = { pages: 2 };

/** Pages of one row that is as the table is, and one with a new column: `id` and `100 + id`. */
function paged(
  pages: number,
  hints: Pick<ResourceHints, "tableName" | "schemaContract"> & { readonly name?: string } = {},
): Resource {
  const { name = "t", ...rest } = hints;
  return resource({ name, ...rest }, async function* ({ position }) {
    for (let n = typeof position === "number" ? position : 0; n < pages; n++) {
      await Promise.resolve();
      yield page({ rows: [{ id: n }, { id: 100 + n, extra: n }], position: n + 1 < pages ? n + 1 : null });
    }
  });
}

/** What the manifests say was left out, in the order of the loads. */
async function inManifests(p: Place, name = "t"): Promise<unknown[]> {
  const folder = join(p.home, "p", "loaded");
  const loads = (await readdir(folder)).toSorted();
  const texts = await Promise.all(loads.map((id) => readFile(join(folder, id, "manifest.json"), "utf8")));
  return texts.map(
    (text) =>
      (JSON.parse(text) as { resources: Record<string, { discarded?: unknown } | undefined> }).resources[name]
        ?.discarded,
  );
}

async function ids(p: Place): Promise<unknown[]> {
  return (await p.sql("SELECT id FROM d.t ORDER BY id")).map(([id]) => Number(id));
}

/** Runs until so many packages were committed, and the resource has one page more in a checkpoint of the next one. */
async function runUntil(p: Place, from: Source, commits: number): Promise<void> {
  const stop = new AbortController();
  let committed = 0;
  const error = await p.failure(from, {
    commitEvery,
    signal: stop.signal,
    onEvent(event) {
      if (event.type === "committed") committed++;
      else if (event.type === "page" && committed >= commits) stop.abort();
    },
  });
  expect(error.code).toBe("ABORTED");
}

const rowsLeftOut = (rows: number): unknown => ({ t: { rows, values: 0 } });

test("counts what was left out of the whole pull, in each package up to its commit", async () => {
  await using p = await place();
  await p.run(rowsOf([{ id: -1 }]));
  const from = source("p", [paged(5, { schemaContract: { columns: "discard_row" } })]);
  const result = await p.run(from, { commitEvery });
  expect(result.loads.map(({ tables }) => tables["t"]!.rows)).toEqual([2, 2, 1]);
  expect(result.resources["t"]).toMatchObject({ pages: 5, rows: 10, discarded: rowsLeftOut(5) });
  expect(String(result).match(/Discarded/g)).toHaveLength(1);
  expect(await inManifests(p)).toEqual([undefined, rowsLeftOut(2), rowsLeftOut(4), rowsLeftOut(5)]);
  expect(await ids(p)).toEqual([-1, 0, 1, 2, 3, 4]);
});

test.each(["here", "on another machine"])("counts it once where a pull goes on %s", async (where) => {
  await using p = await place();
  await p.run(rowsOf([{ id: -1 }]));
  const from = source("p", [
    paged(7, { schemaContract: { columns: "discard_row" } }),
    paged(7, { name: "refused", schemaContract: { tables: "discard_row" } }),
  ]);
  await runUntil(p, from, 2);
  const at = where === "here" ? p : p.with({ home: "elsewhere" });
  const result = await at.run(from, { commitEvery });
  expect(result.kind).toBe("unfinished");
  expect(result.resources["t"]).toMatchObject({ pages: 7, rows: 14, discarded: rowsLeftOut(7) });
  expect(result.resources["refused"]).toMatchObject({ pages: 7, discarded: { refused: { rows: 14, values: 0 } } });
  expect(await ids(p)).toEqual([-1, 0, 1, 2, 3, 4, 5, 6]);
});

test("a table that was refused in one package is judged anew in the next one", async () => {
  await using p = await place();
  const wary = paged(4, { name: "wary", tableName: "t", schemaContract: { tables: "discard_row" } });
  const free = paged(4, { name: "free", tableName: "t" });
  const result = await p.run(source("p", [wary, free]), { commitEvery });
  // Its first page came before the other one had made the table.
  expect(result.resources["wary"]).toMatchObject({ pages: 4, discarded: rowsLeftOut(2) });
  expect(await ids(p)).toEqual([0, 1, 1, 2, 2, 3, 3, 100, 101, 101, 102, 102, 103, 103]);
});

test("a table is spoken of in the packages for which something of it came", async () => {
  await using p = await place();
  await p.run(rowsOf([{ id: -1 }], { columns: { z: { nullable: true } } }));
  const short = rowsOf([{ id: 100, extra: 1 }], { schemaContract: { columns: "discard_row" } });
  const { loads, warnings } = await p.run(source("p", [short, paged(4, { name: "u" })]), { commitEvery });
  expect(loads.map(({ tables }) => tables["t"]?.rows ?? 0)).toEqual(loads.map(() => 0));
  expect(loads.length).toBeGreaterThan(1);
  expect(warnings.filter((warning) => warning.includes('"z"'))).toHaveLength(1);
});

test("the columns of a new table are free until its first commit", async () => {
  await using p = await place();
  const rows = [{ id: 0 }, { id: 1, a: 1 }, { id: 2, b: 1 }];
  const from = resource({ name: "t", schemaContract: { columns: "discard_value" } }, async function* () {
    for (const [n, row] of rows.entries()) yield page({ rows: [row], position: n < 2 ? n + 1 : null });
  });
  const result = await p.run(from, { commitEvery });
  expect(result.resources["t"]!.discarded).toEqual({ t: { rows: 0, values: 1 } });
  expect(await p.sql("SELECT id, a FROM d.t ORDER BY id")).toEqual([
    ["0", null],
    ["1", "1"],
    ["2", null],
  ]);
});

test("what is frozen stops the pull; what was committed before stays", async () => {
  await using p = await place();
  await p.run(rowsOf([{ id: -1 }]));
  const from = resource({ name: "t", schemaContract: { columns: "freeze" } }, async function* ({ position }) {
    for (let n = typeof position === "number" ? position : 0; n < 4; n++)
      yield page({ rows: [n < 3 ? { id: n } : { id: n, extra: 1 }], position: n < 3 ? n + 1 : null });
  });
  for (const _ of ["first", "again"]) {
    expect(await p.failure(from, { commitEvery })).toMatchObject({
      code: "CONTRACT_VIOLATED",
      details: { table: "t", column: "extra", page: 4 },
    });
    expect(await ids(p)).toEqual([-1, 0, 1]);
  }
});

test("what is kept of it lies in the package that it came for", async () => {
  await using p = await place();
  await p.run(rowsOf([{ id: -1 }]));
  const from = paged(3, { schemaContract: { columns: "discard_row" } });
  const { loads } = await p.run(from, { commitEvery, keepDiscarded: true });
  const kept = loads.map(async ({ loadId }) => {
    const folder = join(p.home, "p", "loaded", loadId, "discarded", "t");
    const texts = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")));
    return texts.flatMap((text) => text.trimEnd().split("\n")).map((line) => (JSON.parse(line) as Kept).row.id);
  });
  expect(await Promise.all(kept)).toEqual([[100, 101], [102]]);
});

interface Kept {
  readonly row: { readonly id: number };
}
