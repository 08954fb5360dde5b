import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createConfig,
  destination,
  incremental,
  pipeline,
  resource,
  source,
  type PendingPackage,
  type Source,
} from "../../src/index.ts";
import { failureOf, place, type Place } from "../bad-input/place.ts";

const settings = { config: createConfig({ providers: [] }), minFreeDisk: 0 };

/** Numbers of which only new ones are read. */
const upTo = (last: number): Source =>
  source("s", [
    resource({ name: "t", primaryKey: "id", writeDisposition: "append", incremental: incremental("id") }, () => [
      Array.from({ length: last }, (_one, index) => ({ id: index + 1, name: "x" })),
    ]),
  ]);
const ids = async (p: Place, dataset = "d"): Promise<unknown[]> =>
  (await p.sql(`SELECT id::INT FROM ${dataset}.t ORDER BY id`)).flat();

const breakTable = (p: Place): Promise<unknown> => p.sql("ALTER TABLE d.t ALTER COLUMN name TYPE DATE USING NULL");
const mendTable = (p: Place): Promise<unknown> => p.sql("ALTER TABLE d.t ALTER COLUMN name TYPE VARCHAR");

/** A place with one row in a table that does not take more, and one package that waits for it. */
async function refused(): Promise<Place> {
  const p = await place();
  await p.run(upTo(1));
  await breakTable(p);
  await p.failure(upTo(2));
  return p;
}

const pendingOf = async (p: Place): Promise<readonly PendingPackage[]> =>
  (await p.pipeline(upTo(1)).lastRun())?.pending ?? [];
const folders = (p: Place, name: string): Promise<string[]> => readdir(join(p.home, "p", name)).catch(() => []);

describe("a package that the destination refuses for good", () => {
  test("waits, is tried first by each run, and says why it waits", async () => {
    await using p = await refused();
    const messages: string[] = [];
    const onEvent = (event: { readonly type: string; readonly message?: string }): void => {
      if (event.type === "resumed") messages.push(event.message ?? "");
    };
    expect((await p.failure(upTo(3), { onEvent })).code).toBe("TABLE_CHANGED");
    expect(messages).toEqual([expect.stringMatching(/could not be loaded once, .* TABLE_CHANGED: .*"name"/)]);
    expect(await pendingOf(p)).toMatchObject([{ failure: { code: "TABLE_CHANGED", attempts: 2 } }]);
    await mendTable(p);
    expect(await p.run(upTo(3))).toMatchObject({ kind: "unfinished", pending: [] });
    await p.run(upTo(3));
    expect(await ids(p)).toEqual([1, 2, 3]);
    for (const loadId of await folders(p, "loaded")) {
      expect(await folders(p, join("loaded", loadId))).not.toContain("failure.json");
    }
  });

  test("is given up with its state and schema, and the next run reads its rows again", async () => {
    await using p = await refused();
    await p.pipeline(source("s", [resource({ name: "other" }, () => [[{ a: 1 }]])])).extract(settings);
    const made = p.pipeline(upTo(3));
    const plan = await made.abortPackages({ ...settings, dryRun: true });
    expect(plan).toMatchObject({
      packages: [
        { schema: "s", dataset: "d", tables: [{ name: "t", rows: 1 }], failure: { code: "TABLE_CHANGED" } },
        { tables: [{ name: "other", rows: 1 }] },
      ],
      kept: [],
      dropsDraft: false,
    });
    expect(await folders(p, "packages")).toHaveLength(2);

    expect(await made.abortPackages(settings)).toEqual(plan);
    expect(await folders(p, "packages")).toEqual([]);
    expect(await folders(p, "set-aside")).toEqual(plan!.packages.map(({ loadId }) => loadId));
    for (const { setAside } of plan!.packages) {
      expect(JSON.parse(await readFile(join(setAside, "set-aside.json"), "utf8"))).toMatchObject({ code: "ABORTED" });
    }
    expect(await made.abortPackages(settings)).toBeUndefined();
    await mendTable(p);
    await p.run(upTo(3));
    expect(await ids(p)).toEqual([1, 2, 3]);
    expect(await p.sql("SELECT count(*)::INT FROM d._dlt_version WHERE schema LIKE '%other%'")).toEqual([[0]]);
  });

  test("can be given up from one on: older ones wait, a draft goes with what it goes on from", async () => {
    await using p = await place();
    for (const last of [1, 2, 3]) await p.pipeline(upTo(last)).extract(settings);
    const breaking = source("s", [
      resource({ name: "t", writeDisposition: "append", incremental: incremental("id") }, function* () {
        yield [{ id: 9 }];
        throw new Error("down");
      }),
    ]);
    await failureOf(p.pipeline(breaking).extract(settings));
    expect(await folders(p, "draft")).toContain("draft.json");
    const [first, second] = await folders(p, "packages");
    const made = p.pipeline(upTo(5));
    expect((await failureOf(made.abortPackages({ ...settings, loadId: "1.5" }))).code).toBe("PACKAGE_NOT_FOUND");
    const plan = await made.abortPackages({ ...settings, loadId: second! });
    expect(plan).toMatchObject({ kept: [first], goesOnFrom: first, dropsDraft: true });
    expect(await folders(p, "draft")).toEqual([]);
    await made.load(settings);
    expect(await ids(p)).toEqual([1]);
    await made.run(settings);
    expect(await ids(p)).toEqual([1, 2, 3, 4, 5]);
  });

  test("a draft that does not go on from it stays", async () => {
    await using p = await place();
    const breaking = source("s", [
      resource({ name: "t" }, function* () {
        yield [{ id: 9 }];
        throw new Error("down");
      }),
    ]);
    await p.failure(breaking);
    // A run that was thought dead has sealed a package meanwhile.
    await p.with({ home: "elsewhere" }).pipeline(upTo(1)).extract(settings);
    const [id] = await readdir(join(p.folder, "elsewhere", "p", "packages"));
    await cp(join(p.folder, "elsewhere", "p", "packages", id!), join(p.home, "p", "packages", id!), {
      recursive: true,
    });
    expect(await p.pipeline(upTo(1)).abortPackages(settings)).toMatchObject({ dropsDraft: false });
    expect(await folders(p, "draft")).toContain("draft.json");
  });

  test.each([
    ["by option", { onTerminalError: "abort" } as const],
    [
      "by dlt's setting",
      { config: createConfig({ providers: [], values: { load: { auto_abort_on_terminal_error: true } } }) },
    ],
  ])("is given up by the run itself where it was asked to, %s", async (_, asked) => {
    await using p = await place();
    await p.run(upTo(1));
    await breakTable(p);
    const error = await p.failure(upTo(2), asked);
    expect(error.code).toBe("TABLE_CHANGED");
    expect(error.hint).toMatch(/was given up and is in .*set-aside.*reads the source again/);
    expect(await folders(p, "packages")).toEqual([]);
    const [aside] = await folders(p, "set-aside");
    expect(JSON.parse(await readFile(join(p.home, "p", "set-aside", aside!, "set-aside.json"), "utf8"))).toMatchObject({
      code: "TABLE_CHANGED",
    });
    await mendTable(p);
    expect((await p.run(upTo(2))).kind).toBe("new");
    expect(await ids(p)).toEqual([1, 2]);
  });

  test("is not given up where only the database is away", async () => {
    await using p = await place();
    await p.run(upTo(1));
    const away = p.with({ file: "no/such/folder/x.duckdb" });
    await p.pipeline(upTo(2)).extract(settings);
    expect((await away.failure(upTo(2), { onTerminalError: "abort" })).code).toBe("DESTINATION_PATH");
    expect(await folders(p, "packages")).toHaveLength(1);
  });

  test("load.raise_on_failed_jobs cannot be turned off: a package is never loaded in part", async () => {
    await using p = await place();
    const config = createConfig({ providers: [], values: { load: { raise_on_failed_jobs: false } } });
    expect((await p.failure(upTo(1), { config })).code).toBe("CONFIG_INVALID");
  });
});

describe("where the database was deleted", () => {
  test("packages are loaded all the same, and state begins from the start", async () => {
    await using p = await place();
    await p.run(upTo(2));
    for (const last of [3, 4]) await p.pipeline(upTo(last)).extract(settings);
    await rm(p.file);
    const { warnings, kind } = await p.run(upTo(4));
    expect(kind).toBe("unfinished");
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/has no state of "p" any more.*loaded without the state/);
    expect(await ids(p)).toEqual([3, 4]);
    expect(await p.sql("SELECT count(*)::INT FROM d._dlt_loads")).toEqual([[2]]);
    await p.run(upTo(5));
    expect(await ids(p)).toEqual([1, 2, 3, 3, 4, 4, 5]);
  });

  test("the first packages of all bring their state: there was none to be lost", async () => {
    await using p = await place();
    for (const last of [1, 2]) await p.pipeline(upTo(last)).extract(settings);
    await rm(p.file, { force: true });
    expect((await p.run(upTo(3))).warnings).toEqual([]);
    await p.run(upTo(3));
    expect(await ids(p)).toEqual([1, 2, 3]);
  });
});

describe("where the pipeline has changed since", () => {
  test("a package goes to the dataset that it was made for", async () => {
    await using p = await place();
    await p.pipeline(upTo(1)).extract(settings);
    const elsewhere = p.with({ dataset: "e" });
    expect((await elsewhere.pipeline(upTo(2)).extract(settings)).pending.map(({ dataset }) => dataset)).toEqual([
      "d",
      "e",
    ]);
    await elsewhere.run(upTo(2));
    expect(await ids(p)).toEqual([1]);
    expect(await ids(p, "e")).toEqual([1, 2]);
  });

  test("it does not go to a destination of another kind, unless it is given up", async () => {
    await using p = await place();
    await p.pipeline(upTo(1)).extract(settings);
    const seen: unknown[] = [];
    const own = pipeline({
      name: "p",
      source: upTo(2),
      dataset: "d",
      workingFolder: p.home,
      destination: destination({ name: "own", write: ({ rows }) => void seen.push(...rows) }),
    });
    const error = await failureOf(own.run(settings));
    expect(error.code).toBe("PACKAGE_ELSEWHERE");
    expect(error.message).toMatch(/goes to dlt\.destinations\.duckdb, dataset d; the pipeline loads into .* now/);
    expect(await folders(p, "packages")).toHaveLength(1);
    const { warnings } = await own.run({ ...settings, fresh: true });
    expect(warnings.join()).toContain("PACKAGE_ELSEWHERE");
    expect(seen).toHaveLength(2);
  });
});

describe("a package that cannot be read", () => {
  test.each(["manifest.json", "schema.json"])("stops a run, an extraction and a load: %s", async (file) => {
    await using p = await place();
    await p.pipeline(upTo(1)).extract(settings);
    const [id] = await folders(p, "packages");
    const path = join(p.home, "p", "packages", id!, file);
    if (file === "manifest.json") await writeFile(path, "{");
    else await rm(path);
    const made = p.pipeline(upTo(2));
    for (const call of [made.run, made.extract, made.load]) {
      expect((await failureOf(call(settings))).code).toBe("PACKAGE_CORRUPT");
    }
    expect(await pendingOf(p)).toMatchObject([
      { loadId: id, tables: [], damage: expect.stringContaining("damaged") as string },
    ]);

    const { warnings, kind } = await made.run({ ...settings, fresh: true });
    expect(kind).toBe("new");
    expect(warnings.join()).toMatch(/PACKAGE_CORRUPT.*set aside/);
    expect(await ids(p)).toEqual([1, 2]);
  });

  test("can be given up", async () => {
    await using p = await place();
    await p.pipeline(upTo(1)).extract(settings);
    const [id] = await folders(p, "packages");
    await writeFile(join(p.home, "p", "packages", id!, "manifest.json"), "{");
    const made = p.pipeline(upTo(2));
    expect((await made.abortPackages(settings))?.packages).toMatchObject([{ loadId: id, tables: [] }]);
    await made.run(settings);
    expect(await ids(p)).toEqual([1, 2]);
  });
});
