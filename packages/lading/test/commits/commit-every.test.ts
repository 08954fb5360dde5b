import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import {
  createConfig,
  incremental,
  page,
  pipeline,
  resource,
  source,
  type Resource,
  type RunResult,
  type Source,
} from "../../src/index.ts";
import type { RunOptions } from "../../src/pipeline/run-options.ts";
import { decodeState } from "../../src/state/pipeline-state.ts";
import { faultPoints, faultyDestination, faultyDisk, type Fault } from "../../src/testing/index.ts";
import { toPlain } from "../../src/util/json.ts";

let folder: string;
let number = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lading-commits-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Pages of two rows each. */
function paged(name: string, pages: number, asked: string[], more: object = {}): Resource {
  return resource({ name, writeDisposition: "append", ...more }, async function* ({ position }) {
    for (let n = typeof position === "number" ? position : 0; n < pages; n++) {
      asked.push(`${name}/${n}`);
      await Promise.resolve();
      const rows = [0, 1].map((i) => ({ id: n * 2 + i, at: `2026-01-0${n + 1}T00:00:00Z`, tags: [n, i] }));
      yield page({ rows, position: n + 1 < pages ? n + 1 : null });
    }
  });
}

interface Machine {
  run(from: Source, options?: Partial<RunOptions>, fault?: Fault): Promise<RunResult | "stopped">;
  /** As another machine: without the working folder. */
  forget(): Promise<void>;
  /** The steps of the last run. */
  points(): readonly string[];
  rows(sql: string): Promise<unknown[]>;
  states(): Promise<unknown[]>;
}

function machine(): Machine {
  const name = String(++number);
  const path = join(folder, `${name}.duckdb`);
  const work = join(folder, `work-${name}`);
  const config = createConfig({ providers: [], pipelineName: "p" });
  async function rows(sql: string): Promise<unknown[]> {
    const instance = await DuckDBInstance.fromCache(path);
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(sql);
    connection.closeSync();
    return reader.getRowsJson();
  }
  let steps: readonly string[] = [];
  return {
    rows,
    points: () => steps,
    async run(from, options, fault) {
      const points = faultPoints(fault);
      steps = points.names;
      const disk = faultyDisk(points, work);
      const { destination, drop } = faultyDestination(duckdb(path), points);
      const made = pipeline({ name: "p", source: from, destination, dataset: "d", workingFolder: work });
      const ran = made.run({ config, disk: disk.disk, commitEvery: { pages: 2 }, ...options });
      const outcome = await Promise.race([ran, points.stopped.then(() => "stopped" as const)]);
      await drop();
      await disk.close();
      return outcome;
    },
    forget: () => rm(work, { recursive: true, force: true }),
    async states() {
      const found = (await rows("SELECT state FROM d._dlt_pipeline_state ORDER BY version")) as string[][];
      return found.map(
        ([state]) =>
          (toPlain(decodeState(state!)) as { sources?: { s?: { resources?: unknown } } }).sources?.s?.resources ?? {},
      );
    },
  };
}

const count = "SELECT count(*), count(DISTINCT id) FROM d.a";

test("a pull is committed along the way, and no page is asked for twice", async () => {
  const asked: string[] = [];
  const at = machine();
  const result = (await at.run(source("s", [paged("a", 5, asked)]))) as RunResult;
  expect(result.loads.map(({ tables }) => tables["a"]!.rows)).toEqual([4, 4, 2]);
  expect(result.kind).toBe("new");
  expect(result.resources["a"]).toMatchObject({ pages: 5, rows: 10 });
  expect(asked).toEqual(["a/0", "a/1", "a/2", "a/3", "a/4"]);
  expect(await at.rows(count)).toEqual([["10", "10"]]);
  expect(await at.rows("SELECT count(*) FROM d._dlt_loads")).toEqual([["3"]]);
  expect(await at.rows("SELECT count(*) FROM d.a__tags AS t JOIN d.a AS a ON t._dlt_parent_id = a._dlt_id")).toEqual([
    ["20"],
  ]);
  const states = await at.states();
  expect(states[0]).toMatchObject({ a: { _lading: { position: 2, pages: 2, rows: 4, finished: false } } });
  expect(JSON.stringify(states.at(-1))).not.toContain("_lading");
});

test("another machine goes on from the last commit, and reads nothing that is finished", async () => {
  const at = machine();
  const stop = new AbortController();
  const asked: string[] = [];
  const from = (): Source => source("s", [paged("a", 7, asked), paged("b", 1, asked)]);
  let loads = 0;
  await expect(
    at.run(from(), {
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === "committed" && ++loads === 2) stop.abort();
      },
    }),
  ).rejects.toMatchObject({ code: "ABORTED" });
  await at.forget();
  asked.length = 0;
  const result = (await at.run(from())) as RunResult;
  expect(result.kind).toBe("unfinished");
  expect(asked).toEqual(["a/3", "a/4", "a/5", "a/6"]);
  expect(await at.rows(count)).toEqual([["14", "14"]]);
  expect(await at.rows("SELECT count(*) FROM d.b")).toEqual([["2"]]);
  // The next one is a run like any other.
  await at.run(from());
  expect(await at.rows(count)).toEqual([["28", "14"]]);
});

test("the last value of a cursor stays as it was until its resource is finished", async () => {
  const at = machine();
  const cursor = (): Source => source("s", [paged("a", 5, [], { incremental: incremental("at") })]);
  await at.run(cursor());
  const states = (await at.states()) as { a?: { incremental?: { at?: { last_value?: string } } } }[];
  expect(states.map((state) => state.a?.incremental?.at?.last_value)).toEqual([
    undefined,
    undefined,
    "2026-01-05T00:00:00Z",
  ]);
  expect(await at.rows(count)).toEqual([["10", "10"]]);
});

test("a generator that cannot go on is committed when it is finished", async () => {
  const at = machine();
  const plain = resource({ name: "a" }, async function* () {
    for (let id = 0; id < 5; id++) yield [{ id }];
  });
  const result = (await at.run(source("s", [plain, paged("b", 6, [])]))) as RunResult;
  expect(result.loads.map(({ tables }) => tables["a"]?.rows)).toEqual([
    5,
    ...result.loads.slice(1).map(() => undefined),
  ]);
  expect(await at.rows(count)).toEqual([["5", "5"]]);
  expect(await at.rows("SELECT count(*) FROM d.b")).toEqual([["12"]]);
});

test("where a load fails, the next run loads it and goes on with the pull", async () => {
  const at = machine();
  const from = (): Source => source("s", [paged("a", 5, [])]);
  const probe = machine();
  await probe.run(from());
  const step = 1 + probe.points().indexOf("destination commit");
  await expect(at.run(from(), {}, { at: step, kind: "error" })).rejects.toThrow("destination commit");
  const result = (await at.run(from())) as RunResult;
  expect(result.kind).toBe("unfinished");
  expect(result.loads).toHaveLength(3);
  expect(await at.rows(count)).toEqual([["10", "10"]]);
});

test("a source that is configured otherwise does not go on, and says so", async () => {
  const at = machine();
  const stop = new AbortController();
  await expect(
    at.run(source("s", [paged("a", 5, [])]), {
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === "committed") stop.abort();
      },
    }),
  ).rejects.toMatchObject({ code: "ABORTED" });
  await at.forget();
  const result = (await at.run(
    source("s", [paged("a", 5, [], { primaryKey: "id", writeDisposition: "merge" })]),
  )) as RunResult;
  expect(result.warnings.join()).toContain("configured otherwise");
  expect(await at.rows(count)).toEqual([["10", "10"]]);
});

test("what would be seen in parts is refused", async () => {
  const at = machine();
  const scd2 = { disposition: "merge", strategy: "scd2" };
  for (const writeDisposition of ["replace", scd2]) {
    await expect(at.run(source("s", [paged("a", 2, [], { writeDisposition })]))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  }
  for (const commitEvery of [{}, { pages: 0 }, { rows: Number.NaN }, { seconds: -1 }]) {
    await expect(at.run(source("s", [paged("a", 2, [])]), { commitEvery })).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  }
});

test("time passes also while a page is waited for", async () => {
  const at = machine();
  let clock = Date.UTC(2030, 0, 1);
  let committed = (): void => {};
  const wait = new Promise<void>((resolve) => (committed = resolve));
  const slow = resource({ name: "a" }, async function* () {
    yield page({ rows: [{ id: 1 }], position: 1 });
    clock += 61_000;
    await wait;
    yield page({ rows: [{ id: 2 }], position: null });
  });
  const result = (await at.run(source("s", [slow]), {
    commitEvery: { seconds: 60 },
    now: () => clock,
    onEvent: ({ type }) => {
      if (type === "committed") committed();
    },
  })) as RunResult;
  expect(result.loads).toHaveLength(2);
});

test.each(["here", "on another machine"])(
  "stopped anywhere, the rows are once there when it goes on %s",
  async (where) => {
    const from = (): Source =>
      source("s", [paged("a", 5, []), paged("b", 3, [], { writeDisposition: "merge", primaryKey: "id" })]);
    const content = async (at: Machine): Promise<unknown[]> => [
      await at.rows('SELECT id, "at" FROM d.a ORDER BY id'),
      await at.rows("SELECT id, count(*) FROM d.b GROUP BY id ORDER BY id"),
      await at.rows("SELECT count(*) FROM d.a__tags AS t JOIN d.a AS a ON t._dlt_parent_id = a._dlt_id"),
      (await at.states()).at(-1),
    ];
    const whole = machine();
    await whole.run(from());
    const expected = await content(whole);
    let walked = 0;
    for (let step = 1; ; step += where === "here" ? 7 : 11) {
      const at = machine();
      if ((await at.run(from(), {}, { at: step, kind: "stop" })) !== "stopped") break;
      walked++;
      if (where === "here") await rm(join(folder, `work-${number}`, "p", "lock"), { recursive: true, force: true });
      else await at.forget();
      const tables = "SELECT count(*) FROM duckdb_tables() WHERE table_name = '_dlt_pipeline_state'";
      const isBegun = async (): Promise<boolean> => JSON.stringify(await at.rows(tables)) === '[["1"]]';
      const isDone = async (): Promise<boolean> =>
        (await isBegun()) && !JSON.stringify((await at.states()).at(-1)).includes("_lading");
      // A commit may have been made, and only what comes after it not.
      if (!(await isDone())) await at.run(from());
      if (!(await isDone())) await at.run(from());
      expect(await content(at), `stopped at ${step}`).toEqual(expected);
    }
    expect(walked).toBeGreaterThan(10);
  },
  600_000,
);
