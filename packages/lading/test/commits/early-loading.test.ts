import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createConfig } from "../../src/config/create-config.ts";
import type { Destination } from "../../src/destination/destination.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { resource, source, type Source } from "../../src/resource/index.ts";
import { faultyDestination } from "../../src/testing/index.ts";
import { pipeline } from "../../src/pipeline/pipeline.ts";
import type { RunOptions } from "../../src/pipeline/run-options.ts";

let folder: string;
let number = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-early-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A database, and what was called of it. */
interface Place {
  readonly path: string;
  readonly calls: string[];
  readonly destination: Destination;
  /** Comes when something was called. */
  called(name: RegExp): Promise<void>;
  rows(sql: string): Promise<unknown[]>;
  run(source: Source, options?: Partial<RunOptions>): Promise<unknown>;
}

function place(): Place {
  const path = join(folder, `${++number}.duckdb`);
  const calls: string[] = [];
  const waiting: { readonly name: RegExp; readonly tell: () => void }[] = [];
  const { destination } = faultyDestination(duckdb(path), {
    async pass({ name, action }) {
      const result = await action();
      calls.push(name.replace("destination ", ""));
      for (const one of waiting) if (one.name.test(calls.at(-1)!)) one.tell();
      return result;
    },
    names: calls,
    struck: undefined,
    isStopped: false,
    stopped: new Promise(() => {}),
  });
  return {
    path,
    calls,
    destination,
    called: (name) => new Promise((tell) => waiting.push({ name, tell })),
    async rows(sql) {
      const instance = await DuckDBInstance.fromCache(path);
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll(sql);
      connection.closeSync();
      return reader.getRowsJson();
    },
    run: (from, options) =>
      pipeline({
        name: "p",
        source: from,
        destination,
        dataset: "d",
        workingFolder: join(folder, `work-${number}`),
      }).run({
        config: createConfig({ providers: [], pipelineName: "p" }),
        partBytes: 1,
        ...options,
      }),
  };
}

test("files that are full are loaded while others are read", async () => {
  const at = place();
  await at.run(
    source("s", [
      resource({ name: "t" }, async function* () {
        const copied = at.called(/copy early t$/);
        yield [{ id: 1 }];
        yield [{ id: 2 }];
        yield [{ id: 3 }];
        await copied;
        yield [{ id: 4, more: "x" }];
      }),
    ]),
  );
  expect(at.calls.filter((call) => /early|copy|commit/.test(call))).toEqual(
    expect.arrayContaining(["begin early", "copy early t", "complete early", "copy t", "commit"]),
  );
  expect(await at.rows("SELECT id, more FROM d.t ORDER BY id")).toEqual([
    ["1", null],
    ["2", null],
    ["3", null],
    ["4", "x"],
  ]);
  const loads =
    "SELECT count(DISTINCT l.load_id), count(DISTINCT t._dlt_load_id) FROM d._dlt_loads AS l JOIN d.t AS t ON t._dlt_load_id = l.load_id";
  expect(await at.rows(loads)).toEqual([["1", "1"]]);
});

test("a destination says how large a file is when it is full", async () => {
  const at = place();
  const { capabilities } = at.destination;
  const copied = at.called(/copy early t$/);
  await pipeline({
    name: "p",
    source: resource({ name: "t" }, async function* () {
      yield [{ id: 1 }];
      yield [{ id: 2 }];
      yield [{ id: 3 }];
      await copied;
    }),
    destination: { ...at.destination, capabilities: { ...capabilities, partBytes: 1 } },
    dataset: "d",
    workingFolder: join(folder, `work-${number}`),
  }).run({ config: createConfig({ providers: [], pipelineName: "p" }) });
  expect(at.calls).toContain("copy early t");
  expect(await at.rows("SELECT count(*) FROM d.t")).toEqual([["3"]]);
});

test("a pull that becomes slow lets go of the database, and is loaded after the seal", async () => {
  const at = place();
  let clock = Date.UTC(2030, 0, 1);
  await at.run(
    source("s", [
      resource({ name: "t" }, async function* () {
        const [copied, closed] = [at.called(/copy early/), at.called(/^close/)];
        for (let id = 0; id < 3; id++) yield [{ id }];
        await copied;
        clock += 6000;
        // The connection to restore from is closed already: this one held the file.
        await closed;
        yield [{ id: 9 }];
      }),
    ]),
    { now: () => clock },
  );
  expect(at.calls).toContain("rollback early");
  expect(at.calls).not.toContain("complete early");
  expect(await at.rows("SELECT count(*) FROM d.t")).toEqual([["4"]]);
});

test("a source that is slow from the start never holds the database", async () => {
  const at = place();
  let clock = Date.UTC(2030, 0, 1);
  await at.run(
    source("s", [
      resource({ name: "t" }, async function* () {
        for (let id = 0; id < 4; id++) {
          clock += 6000;
          yield [{ id }];
        }
        clock += 6000;
      }),
    ]),
    { now: () => clock },
  );
  expect(at.calls).not.toContain("begin early");
  expect(await at.rows("SELECT count(*) FROM d.t")).toEqual([["4"]]);
});

test("what was declared when rows were loaded early holds for those that another resource brings in the end", async () => {
  const at = place();
  const copied = at.called(/copy early/);
  await at.run(
    source("s", [
      resource({ name: "t", primaryKey: "id" }, async function* () {
        for (let id = 0; id < 3; id++) yield [{ id, from: "t" }];
        await copied;
      }),
      resource({ name: "late", tableName: "t", writeDisposition: "merge", primaryKey: "id" }, async function* () {
        await copied;
        yield [{ id: 1, from: "late" }];
      }),
    ]),
  );
  expect(await at.rows('SELECT id, "from" FROM d.t ORDER BY ALL')).toEqual([
    ["0", "t"],
    ["1", "late"],
    ["1", "t"],
    ["2", "t"],
  ]);
});

test("rows that are merged wait with the columns that come on the way", async () => {
  const at = place();
  const people = (load: number): Source =>
    source("s", [
      resource({ name: "t", writeDisposition: "merge", primaryKey: "id" }, async function* () {
        const copied = at.called(/copy early/);
        for (let id = 0; id < 3; id++) yield [{ id, load, list: [id] }];
        await copied;
        yield [{ id: 1, load, [`new_${load}`]: true, list: [] }];
      }),
    ]);
  await at.run(people(1));
  await at.run(people(2));
  expect(await at.rows("SELECT id, load, new_1, new_2 FROM d.t ORDER BY id")).toEqual([
    ["0", "2", null, null],
    ["1", "2", null, true],
    ["2", "2", null, null],
  ]);
  expect(await at.rows("SELECT value FROM d.t__list ORDER BY value")).toEqual([["0"], ["2"]]);
});

test("a source that fails gives the database back as it was", async () => {
  const at = place();
  await expect(
    at.run(
      source("s", [
        resource({ name: "t" }, async function* () {
          const copied = at.called(/copy early/);
          for (let id = 0; id < 3; id++) yield [{ id }];
          await copied;
          throw new Error("gone");
        }),
      ]),
    ),
  ).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
  expect(at.calls.slice(-2)).toEqual(["rollback early", "close"]);
  expect(await at.rows("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'd'")).toEqual([["0"]]);
});
