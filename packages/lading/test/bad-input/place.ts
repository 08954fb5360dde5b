import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { vi } from "vitest";
import { createConfig } from "../../src/config/create-config.ts";
import { duckdb, type DuckDbOptions } from "../../src/destinations/duckdb/index.ts";
import { LadingError } from "../../src/errors/index.ts";
import { pipeline, type PipelineSource, type RunOptions, type RunResult } from "../../src/pipeline/index.ts";

// Whole runs, with processes and file systems: seconds on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

/** Settings of nobody: what stands in the environment of whoever runs the tests does not count. */
const noSettings = createConfig({ providers: [], pipelineName: "p" });

export interface PlaceOptions {
  /** The folder in which it is made. Default: the system's for temporary files. */
  readonly under?: string;
  /** Below the place's folder, or absolute. Default: `x.duckdb`. */
  readonly file?: string;
  /** Default: `home`, in the place's folder. */
  readonly home?: string;
  /** Default: `p`. */
  readonly name?: string;
  /** Default: `d`. */
  readonly dataset?: string;
  readonly destination?: DuckDbOptions;
}

/** A database and a working folder of a test's own; gone with the scope. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  readonly home: string;
  run(source: PipelineSource, options?: RunOptions): Promise<RunResult>;
  /** The error that a run ends with. */
  failure(source: PipelineSource, options?: RunOptions): Promise<LadingError>;
  /** Runs SQL by hand; rows as JSON has them, in columns' order. */
  sql(statement: string): Promise<unknown[][]>;
  /** The same place, seen from elsewhere: another machine, pipeline or dataset. */
  with(options: PlaceOptions): Place;
}

export async function place(options: PlaceOptions = {}): Promise<Place> {
  const folder = await mkdtemp(join(options.under ?? tmpdir(), "lading-bad-input-"));
  return placeIn(folder, options, () => rm(folder, { recursive: true, force: true }));
}

function placeIn(folder: string, options: PlaceOptions, dispose: () => Promise<void>): Place {
  const file = join(folder, options.file ?? "x.duckdb");
  const home = join(folder, options.home ?? "home");
  const made: Place = {
    folder,
    file,
    home,
    run: (source, run) =>
      pipeline({
        name: options.name ?? "p",
        source,
        destination: duckdb({ path: file, ...options.destination }),
        dataset: options.dataset ?? "d",
        workingFolder: home,
      }).run({ config: noSettings, ...run }),
    failure: (source, run) => failureOf(made.run(source, run)),
    sql: (statement) => sqlOn(file, statement),
    with: (other) => placeIn(folder, { ...options, ...other }, async () => {}),
    [Symbol.asyncDispose]: dispose,
  };
  return made;
}

/** The error of Lading that an action ends with; anything else fails the test. */
export async function failureOf(action: Promise<unknown>): Promise<LadingError> {
  try {
    await action;
  } catch (error) {
    if (LadingError.is(error)) return error;
    throw new Error(`not an error of Lading: ${String(error)}`, { cause: error });
  }
  throw new Error("it did not fail");
}

async function sqlOn(file: string, statement: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.fromCache(file);
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone='UTC'");
      return (await connection.runAndReadAll(statement)).getRowsJson();
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
