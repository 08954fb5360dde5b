import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBConnection } from "@duckdb/node-api";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { createConfig, pipeline, type RunEvent, type RunResult, type Source } from "../../src/index.ts";
import type { RunOptions } from "../../src/pipeline/run-options.ts";
import {
  datasetContent,
  faultPoints,
  faultyDestination,
  faultyDisk,
  type DatasetContent,
  type Fault,
  type FaultPoints,
} from "../../src/testing/index.ts";
import { fastFolder } from "./fast-folder.ts";

/** How a run ended. */
export type Outcome =
  | { readonly type: "done"; readonly result: RunResult }
  | { readonly type: "failed"; readonly error: unknown }
  | { readonly type: "stopped" };

export interface Ran {
  readonly outcome: Outcome;
  readonly points: FaultPoints;
  readonly events: readonly RunEvent[];
}

export interface RunInArena {
  readonly fault?: Fault;
  /** After a stop: what was not synced is lost, as with the machine's power. */
  readonly losesUnsynced?: boolean;
  readonly options?: Partial<RunOptions>;
}

const dataset = "shop_data";
const noSettings = createConfig({ providers: [], pipelineName: "shop" });
/** No system gives this number to a process. */
const nobody = 2 ** 30;

/** A folder with a database and a working folder, in which runs are broken off. */
export interface Arena extends AsyncDisposable {
  readonly folder: string;
  readonly work: string;
  readonly database: string;
  run(source: Source | readonly Source[], how?: RunInArena): Promise<Ran>;
  /** Runs until a load is committed as number `loads`, and nothing waits. Bounded. */
  finish(source: () => Source | readonly Source[], loads: number): Promise<number>;
  /** What waits: names of packages, and `draft`. */
  pending(): Promise<readonly string[]>;
  content(): Promise<DatasetContent>;
}

/** @param template a database to begin with */
export async function arena(template?: string): Promise<Arena> {
  const folder = await mkdtemp(join(fastFolder, "lading-crash-"));
  const work = join(folder, "work", "shop");
  const database = join(folder, "shop.duckdb");
  await mkdir(join(folder, "work"));
  if (template !== undefined) await cp(template, database);
  let clock = Date.UTC(2030, 0, 1);
  // Time flies, so that there is a checkpoint every few pages.
  const now = (): number => (clock += 170);

  async function run(source: Source | readonly Source[], how: RunInArena = {}): Promise<Ran> {
    const points = faultPoints(how.fault);
    const disk = faultyDisk(points, work);
    const destination = faultyDestination(duckdb(database), points);
    const events: RunEvent[] = [];
    const made = pipeline({
      name: "shop",
      source,
      destination: destination.destination,
      dataset,
      workingFolder: join(folder, "work"),
    });
    current = points;
    const outcome = await Promise.race<Outcome>([
      made
        .run({
          config: noSettings,
          disk: disk.disk,
          now,
          onEvent: (event) => events.push(event),
          // The memory of a small machine is no large disk.
          minFreeDisk: 0,
          ...how.options,
        })
        .then(
          (result) => ({ type: "done", result }),
          (error: unknown) => ({ type: "failed", error }),
        ),
      points.stopped.then(() => ({ type: "stopped" })),
    ]);
    current = undefined;
    await statementsEnded();
    await destination.drop();
    await disk.close();
    if (outcome.type === "stopped") {
      if (how.losesUnsynced === true) await disk.loseUnsynced();
      await forgetProcess(work);
    }
    return { outcome, points, events };
  }

  async function pending(): Promise<string[]> {
    const packages = await readdir(join(work, "packages")).catch(() => []);
    const all = await readdir(work).catch(() => []);
    return [...packages, ...all.filter((name) => name === "draft")];
  }

  async function content(): Promise<DatasetContent> {
    const client = await duckdb(database).connect({
      pipeline: "shop",
      dataset,
      config: noSettings,
      folder,
      workingFolder: work,
      signal: new AbortController().signal,
    });
    try {
      return await datasetContent(client.reader(), dataset);
    } finally {
      await client.close();
    }
  }

  return {
    folder,
    work,
    database,
    run,
    pending,
    content,
    async finish(source, loads) {
      for (let runs = 0; runs < 6; runs++) {
        if ((await pending()).length === 0 && (await content()).loads >= loads) return runs;
        const { outcome } = await run(source());
        if (outcome.type === "failed") throw outcome.error;
      }
      throw new Error(`Still pending after 6 runs: ${(await pending()).join(", ")}`);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The lock of a run that was stopped names a process that is no more, as after kill -9. */
async function forgetProcess(work: string): Promise<void> {
  const folder = join(work, "lock");
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const text = await readFile(path, "utf8");
    if (name.endsWith(".json") && text !== "") {
      await writeFile(path, JSON.stringify({ ...(JSON.parse(text) as object), pid: nobody }));
    }
  }
}

const { prototype } = DuckDBConnection;
const { run: runStatement } = prototype;
/** The run that a connection belongs to. One that was stopped changes nothing any more, whatever it still waited for. */
const owners = new WeakMap<DuckDBConnection, FaultPoints>();
const underWay = new Set<Promise<unknown>>();
let current: FaultPoints | undefined;

/** Each statement that DuckDB is given is a fault point, `COMMIT` among them. */
prototype.run = function (this: DuckDBConnection, ...given) {
  const [sql] = given;
  const points = owners.get(this) ?? current;
  if (points !== undefined) owners.set(this, points);
  const action = (): ReturnType<typeof runStatement> => {
    const statement = runStatement.apply(this, given);
    underWay.add(statement);
    void Promise.allSettled([statement]).then(() => underWay.delete(statement));
    return statement;
  };
  // What only looks leaves nothing behind; the beginning of a transaction stands in a queue of this process.
  const onlyLooks = /^(?:SELECT|SET|BEGIN)/.test(sql) || (points?.isStopped === true && sql === "ROLLBACK");
  return points === undefined || onlyLooks ? action() : points.pass({ name: `sql ${shorten(sql)}`, action });
};

/** Waits until no statement is under way: one that comes behind a rollback would count by itself. */
async function statementsEnded(): Promise<void> {
  while (underWay.size > 0) await Promise.allSettled(underWay);
}

function shorten(sql: string): string {
  return sql.replaceAll(/\s+/g, " ").slice(0, 60);
}
