import { askedOnce, type Vault } from "../config/vault.ts";
import { createDataset, type Dataset, type DatasetOptions, type TablesOf } from "../dataset/index.ts";
import type { Destination } from "../destination/destination.ts";
import type { SqlReader } from "../destination/sql-reader.ts";
import { LadingError } from "../errors/index.ts";
import { checkContract } from "../resource/check-contract.ts";
import { source, type Resource, type SchemaContract, type Source } from "../resource/index.ts";
import {
  normalizeSchemaName,
  schemaNameFrom,
  type ConventionName,
  type OwnConvention,
} from "../schema/naming/index.ts";
import { devInstance } from "./dev-instance.ts";
import { drop, plannedDrop, type DropOptions, type DropResult } from "./drop/drop.ts";
import type { DropPlan, DropRequest } from "./drop/plan-drop.ts";
import { sync, type SyncResult } from "./sync.ts";
import { surroundings } from "./environment.ts";
import type { RunResult } from "./result.ts";
import { readLastRun } from "./last-run.ts";
import type { AbortPlan } from "./abort-packages.ts";
import { abortPipeline } from "./abort-pipeline.ts";
import type { AbortOptions, ExtractOptions, LoadOptions, PipelineParts, RunOptions } from "./run-options.ts";
import type { RunTrace } from "./run-trace.ts";
import { runPipeline } from "./run.ts";

/** What a pipeline reads: a source, a resource, some resources, or some sources. */
export type PipelineSource = Source | Resource | readonly Resource[] | readonly Source[];

export interface PipelineOptions<S extends PipelineSource = PipelineSource> {
  /** Names the working folder, and the pipeline's state in the destination. */
  readonly name: string;
  /**
   * Several sources are read and loaded one after the other, in this order. Each has a schema and load packages of its
   * own, and is committed by itself; state and dataset are one.
   */
  readonly source: S;
  readonly destination: Destination;
  /** Default: the setting `dataset_name`, else `<name>_dataset`. The setting `dataset_name_layout` is put around it. */
  readonly dataset?: string;
  /** Default: `LADING_HOME`, else `.lading` beside `package.json`. */
  readonly workingFolder?: string;
  /**
   * Each pipeline object begins from scratch, into a dataset of its own: the name with the time at its end. State is not
   * restored, and what other runs have left unfinished is not touched. Default: the setting `dev_mode`, else `false`.
   */
  readonly devMode?: boolean;
  /**
   * A folder of schemas as files (`<name>.schema.yaml`) that a person may edit: columns, types and hints there hold. The
   * first run writes what is missing. Default: the setting `import_schema_path`, else none.
   */
  readonly importSchemaPath?: string;
  /** A folder where each schema is written as it was loaded. Default: the setting `export_schema_path`, else none. */
  readonly exportSchemaPath?: string;
  /** In the place of the contracts of source and resources. Default: theirs. */
  readonly schemaContract?: SchemaContract;
  /** Asked for settings at the start of each run; what stands in the environment or in files wins. Default: none. */
  readonly vaults?: readonly Vault[];
  /**
   * How names of the source become names of tables and columns: a convention of dlt's, or one of your own. It stays with the
   * schema. Default: the source's, the setting `schema.naming`, the destination's, what is stored, `snake_case`.
   */
  readonly naming?: ConventionName | OwnConvention;
}

/**
 * Loads a source into a destination, each time with {@link Pipeline.run}.
 *
 * ```ts
 * const chess = pipeline({ name: "chess", source: players, destination: duckdb("chess.duckdb") });
 * console.log(String(await chess.run()));
 * ```
 */
export interface Pipeline<S extends PipelineSource = PipelineSource> {
  readonly name: string;
  readonly vaults: readonly Vault[];
  /**
   * Reads what is new and loads it. Where an earlier run left unfinished work, that is finished first, and is then the
   * whole run (`result.kind` is `"unfinished"`).
   * Throws {@link LadingError}; what was read is kept, and nothing of it is visible in the destination.
   */
  run(options?: RunOptions): Promise<RunResult>;
  /**
   * Reads what is new into load packages, and loads nothing: the first half of a {@link Pipeline.run}. Where packages wait
   * already, it goes on from their state and schemas. A step of its own that normalizes does not exist: rows are
   * normalized as they are read, and a package is ready to be loaded.
   */
  extract(options?: ExtractOptions): Promise<RunResult>;
  /** Loads the packages that wait, oldest first, and reads nothing: the other half. One that fails stops the rest. */
  load(options?: LoadOptions): Promise<RunResult>;
  /**
   * Gives up the packages that wait: they are set aside, and so are their state and schemas; the next run goes on from what
   * the destination has. A draft stays, unless it goes on from one of them.
   * @returns what was given up, or would be; `undefined` where nothing waits
   */
  abortPackages(options?: AbortOptions): Promise<AbortPlan | undefined>;
  /** What the last run, extraction or load on this machine did, and why it failed; kept in the working folder. */
  lastRun(options?: Pick<RunOptions, "config" | "profile">): Promise<RunTrace | undefined>;
  /**
   * What a drop would do: tables, resources and places in the state that would go. Reads the destination, and changes
   * nothing. The plan is data, to be shown; handed to {@link Pipeline.drop} it is what is done, or nothing is.
   */
  planDrop(request: DropRequest, options?: Pick<DropOptions, "config" | "profile" | "signal">): Promise<DropPlan>;
  /**
   * Drops tables with all that is nested in them, and what their resources remember, in one transaction.
   * Throws `UNFINISHED_WORK` where an earlier run left anything.
   */
  drop(what: DropRequest | DropPlan, options?: DropOptions): Promise<DropResult>;
  /** Reads from the destination what the next run begins with: state and schemas. Every run does that by itself. */
  sync(options?: Pick<RunOptions, "config" | "profile" | "signal">): Promise<SyncResult>;
  /** Reads what was loaded. Connects when something is asked for. */
  dataset(options?: DatasetOptions & Pick<RunOptions, "profile">): Dataset<TablesOf<S>>;
}

const brand = Symbol.for("lading.pipeline");

/** Describes a pipeline; nothing happens before it runs. */
export function pipeline<const S extends PipelineSource>(options: PipelineOptions<S>): Pipeline<S> {
  const parts: PipelineParts = {
    name: options.name,
    sources: asSources(options.source, options.name),
    destination: options.destination,
    dataset: options.dataset,
    workingFolder: options.workingFolder,
    schemaContract: options.schemaContract,
    vaults: options.vaults ?? [],
    devMode: options.devMode,
    instance: devInstance(),
    importSchemaPath: options.importSchemaPath,
    exportSchemaPath: options.exportSchemaPath,
    naming: options.naming,
  };
  checkContract(`the pipeline "${options.name}"`, options.schemaContract);
  const made: Pipeline<S> = {
    name: options.name,
    vaults: parts.vaults,
    run: (run = {}) => runPipeline(parts, run),
    extract: (extract = {}) => runPipeline(parts, extract, "extract"),
    load: (load = {}) => runPipeline(parts, load, "load"),
    abortPackages: (abort = {}) => abortPipeline(parts, abort),
    lastRun: async (last = {}) => readLastRun((await surroundings(parts, last)).folder),
    planDrop: (request, how = {}) => plannedDrop(parts, request, how),
    drop: (what, how = {}) => drop(parts, what, how),
    sync: (how = {}) => sync(parts, how),
    dataset(dataset = {}) {
      const vaults = parts.vaults.map(askedOnce);
      return createDataset<TablesOf<S>>(() => openReader({ ...parts, vaults }, dataset), dataset);
    },
  };
  return Object.defineProperty(made, brand, { value: true });
}

export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

/** Resources without a source get one that is called after the pipeline, without a `_pipeline` at its end. */
function asSources(given: PipelineSource, name: string): readonly Source[] {
  const list = (Array.isArray(given) ? given : [given]) as readonly (Source | Resource)[];
  if (list.length === 0) throw new LadingError("INVALID_ARGUMENT", `The pipeline "${name}" has no resource.`);
  const sources = list.filter(isSource);
  if (sources.length === 0) return [source(defaultSourceName(name), list as readonly Resource[])];
  if (sources.length < list.length) {
    throw new LadingError("INVALID_ARGUMENT", `The pipeline "${name}" is given sources and resources in one list.`, {
      hint: 'Put the resources into a source: `source("name", [ … ])`.',
    });
  }
  if (sources.length > 1) checkSourceNames(sources, name);
  return sources;
}

function isSource(one: Source | Resource): one is Source {
  return "type" in one && one.type === "source";
}

/** A source's name is that of its schema, and the place of its state. */
function checkSourceNames(sources: readonly Source[], pipelineName: string): void {
  const seen = new Map<string, string>();
  for (const { name } of sources) {
    const schemaName = normalizeSchemaName(name);
    const other = seen.get(schemaName);
    if (other !== undefined) {
      throw new LadingError(
        "INVALID_ARGUMENT",
        `The pipeline "${pipelineName}" has two sources with the schema "${schemaName}": "${other}" and "${name}".`,
        {
          hint: "Give one of them another name, or put their resources into one source.",
          details: { schema: schemaName, sources: [other, name] },
        },
      );
    }
    seen.set(schemaName, name);
  }
}

function defaultSourceName(pipelineName: string): string {
  return pipelineName === "_pipeline" ? pipelineName : schemaNameFrom(pipelineName);
}

async function openReader(parts: PipelineParts, options: Pick<RunOptions, "profile">): Promise<SqlReader> {
  const { where } = await surroundings(parts, options);
  const client = await parts.destination.connect(where);
  return { ...client.reader(), close: () => client.close() };
}
