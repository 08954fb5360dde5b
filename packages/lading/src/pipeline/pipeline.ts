import { createDataset, type Dataset, type DatasetOptions, type TablesOf } from "../dataset/index.ts";
import type { Destination } from "../destination/destination.ts";
import type { SqlReader } from "../destination/sql-reader.ts";
import { LadingError } from "../errors/index.ts";
import { checkContract } from "../resource/check-contract.ts";
import { source, type Resource, type SchemaContract, type Source } from "../resource/index.ts";
import type { ConventionName, OwnConvention } from "../schema/naming/index.ts";
import { surroundings } from "./environment.ts";
import type { RunResult } from "./result.ts";
import type { PipelineParts, RunOptions } from "./run-options.ts";
import { runPipeline } from "./run.ts";

/** What a pipeline reads: a source, a resource, or some resources. */
export type PipelineSource = Source | Resource | readonly Resource[];

export interface PipelineOptions<S extends PipelineSource = PipelineSource> {
  /** Names the working folder, and the pipeline's state in the destination. */
  readonly name: string;
  readonly source: S;
  readonly destination: Destination;
  /** Default: the setting `dataset_name`, else `<name>_dataset`. */
  readonly dataset?: string;
  /** Default: `LADING_HOME`, else `.lading` beside `package.json`. */
  readonly workingFolder?: string;
  /** In the place of the contracts of source and resources. Default: theirs. */
  readonly schemaContract?: SchemaContract;
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
  /**
   * Reads what is new and loads it. Where an earlier run left unfinished work, that is finished first, and is then the
   * whole run (`result.kind` is `"unfinished"`).
   * Throws {@link LadingError}; what was read is kept, and nothing of it is visible in the destination.
   */
  run(options?: RunOptions): Promise<RunResult>;
  /** Reads what was loaded. Connects when something is asked for. */
  dataset(options?: DatasetOptions): Dataset<TablesOf<S>>;
}

const brand = Symbol.for("lading.pipeline");

/** Describes a pipeline; nothing happens before it runs. */
export function pipeline<const S extends PipelineSource>(options: PipelineOptions<S>): Pipeline<S> {
  const parts: PipelineParts = {
    name: options.name,
    source: asSource(options.source, options.name),
    destination: options.destination,
    dataset: options.dataset,
    workingFolder: options.workingFolder,
    schemaContract: options.schemaContract,
    naming: options.naming,
  };
  checkContract(`the pipeline "${options.name}"`, options.schemaContract);
  const made: Pipeline<S> = {
    name: options.name,
    run: (run = {}) => runPipeline(parts, run),
    dataset: (dataset = {}) => createDataset<TablesOf<S>>(() => openReader(parts), dataset),
  };
  return Object.defineProperty(made, brand, { value: true });
}

export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

/** Resources without a source get one that is called after the pipeline, without a `_pipeline` at its end. */
function asSource(given: PipelineSource, name: string): Source {
  if (Array.isArray(given)) {
    if (given.length === 0) throw new LadingError("INVALID_ARGUMENT", `The pipeline "${name}" has no resource.`);
    return source(defaultSourceName(name), given as readonly Resource[]);
  }
  const one = given as Source | Resource;
  return "type" in one && one.type === "source" ? one : source(defaultSourceName(name), [one as Resource]);
}

function defaultSourceName(pipelineName: string): string {
  return pipelineName.replace(/_pipeline$/, "") || pipelineName;
}

async function openReader(parts: PipelineParts): Promise<SqlReader> {
  const { where } = await surroundings(parts, new AbortController().signal);
  const client = await parts.destination.connect(where);
  return { ...client.reader(), close: () => client.close() };
}
