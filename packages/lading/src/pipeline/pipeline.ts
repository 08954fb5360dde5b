import { askedOnce, type Vault } from "../config/vault.ts";
import { createDataset, type Dataset, type DatasetOptions, type TablesOf } from "../dataset/index.ts";
import type { Destination } from "../destination/destination.ts";
import type { SqlReader } from "../destination/sql-reader.ts";
import { LadingError } from "../errors/index.ts";
import { checkContract } from "../resource/check-contract.ts";
import { source, type Resource, type SchemaContract, type Source } from "../resource/index.ts";
import { schemaNameFrom } from "../schema/naming/index.ts";
import { surroundings } from "./environment.ts";
import type { RunResult } from "./result.ts";
import type { PipelineParts, RunOptions } from "./run-options.ts";
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
  /** Default: the setting `dataset_name`, else `<name>_dataset`. */
  readonly dataset?: string;
  /** Default: `LADING_HOME`, else `.lading` beside `package.json`. */
  readonly workingFolder?: string;
  /** In the place of the contracts of source and resources. Default: theirs. */
  readonly schemaContract?: SchemaContract;
  /** Asked for settings at the start of each run; what stands in the environment or in files wins. Default: none. */
  readonly vaults?: readonly Vault[];
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
  };
  checkContract(`the pipeline "${options.name}"`, options.schemaContract);
  const made: Pipeline<S> = {
    name: options.name,
    vaults: parts.vaults,
    run: (run = {}) => runPipeline(parts, run),
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
    const schemaName = schemaNameFrom(name);
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
  return pipelineName.replace(/_pipeline$/, "") || pipelineName;
}

async function openReader(parts: PipelineParts, options: Pick<RunOptions, "profile">): Promise<SqlReader> {
  const { where } = await surroundings(parts, options);
  const client = await parts.destination.connect(where);
  return { ...client.reader(), close: () => client.close() };
}
