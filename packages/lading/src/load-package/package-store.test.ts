import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDisk } from "./disk.ts";
import { compareLoadIds, isLoadId, latestLoadId } from "./load-ids.ts";
import { openPackageStore, type PackageStore } from "./package-store.ts";
import type { LoadTrace } from "./trace.ts";

let folder: string;
let store: PackageStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-store-"));
  store = openPackageStore(folder, createDisk());
});
afterEach(() => rm(folder, { recursive: true }));

async function sealed(...loadIds: readonly string[]): Promise<void> {
  for (const loadId of loadIds) {
    await mkdir(join(folder, "packages", loadId, "rows"), { recursive: true });
    await writeFile(join(folder, "packages", loadId, "rows", "t.1.tsv"), "1\n");
    for (const name of ["manifest", "schema", "state"]) {
      await writeFile(join(folder, "packages", loadId, `${name}.json`), JSON.stringify({ loadId }));
    }
  }
}
const list = (name: string): Promise<string[]> => readdir(join(folder, name));
const trace: LoadTrace = {
  format: 1,
  committedAt: "2026-11-21T19:00:00.000Z",
  milliseconds: 7,
  location: "/x.duckdb",
  tables: {},
  changes: [],
  warnings: [],
};

describe("what stays of packages that were loaded", () => {
  const ids = ["1700000000.0", "1700000000.12", "1700000000.2", "1700000001.5"];

  test("is the newest as many as are to be kept, without their rows", async () => {
    await sealed(...ids);
    for (const id of ids) await store.finish(id, 2, trace);
    expect(await list("packages")).toEqual([]);
    expect(await list("loaded")).toEqual(["1700000000.2", "1700000001.5"]);
    expect(await list("loaded/1700000001.5")).toEqual(["manifest.json", "schema.json", "state.json", "trace.json"]);
  });

  test("is nothing where none are to be kept, and all without an end", async () => {
    await sealed(...ids);
    for (const id of ids.slice(0, 3)) await store.finish(id, Infinity, trace);
    expect(await list("loaded")).toEqual(ids.slice(0, 3));
    await store.finish(ids[3]!, 0, trace);
    expect(await list("loaded")).toEqual([]);
  });

  test("goes by the number, also where a clock stood before 2001", async () => {
    await sealed("999999999.5", "1700000000.0");
    for (const id of ["999999999.5", "1700000000.0"]) await store.finish(id, 1, trace);
    expect(await list("loaded")).toEqual(["1700000000.0"]);
  });

  test("is not what a person put there, and that waits for nothing either", async () => {
    await sealed("1700000000.0", "1700000000.0.bak");
    await mkdir(join(folder, "loaded", "notes"), { recursive: true });
    expect((await store.pending()).map(({ loadId }) => loadId)).toEqual(["1700000000.0"]);
    await store.finish("1700000000.0", 0, trace);
    expect(await list("loaded")).toEqual(["notes"]);
    expect(await list("packages")).toEqual(["1700000000.0.bak"]);
  });

  test("keeps the trace of the run that committed it, whoever tidies up", async () => {
    await sealed("1700000000.0");
    await writeFile(join(folder, "packages", "1700000000.0", "trace.json"), JSON.stringify(trace));
    await store.finish("1700000000.0", 1, undefined);
    expect(JSON.parse(await readFile(join(folder, "loaded", "1700000000.0", "trace.json"), "utf8"))).toEqual(trace);
  });
});

describe("load ids", () => {
  test("are ordered as numbers, and the latest is the last", () => {
    const id = fc.tuple(fc.nat(2_000_000_000), fc.nat(999_999)).map(([seconds, part]) => `${seconds}.${part}`);
    fc.assert(
      fc.property(fc.array(id, { minLength: 1 }), (ids) => {
        const sorted = ids.toSorted(compareLoadIds);
        expect(Number(latestLoadId(undefined, ...ids))).toBe(Number(sorted.at(-1)));
        for (let i = 1; i < sorted.length; i++) expect(Number(sorted[i - 1])).toBeLessThanOrEqual(Number(sorted[i]));
      }),
    );
    expect(latestLoadId(undefined)).toBeUndefined();
  });

  test.each([
    ["1700000000.0", true],
    ["1700000000", true],
    ["1700000000.0.bak", false],
    [".DS_Store", false],
    ["", false],
  ])("%j: %j", (name, is) => expect(isLoadId(name)).toBe(is));
});
