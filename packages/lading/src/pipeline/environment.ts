import { mkdir } from "node:fs/promises";
import { createConfig } from "../config/create-config.ts";
import type { Config } from "../config/config.ts";
import { loadProviders } from "../config/load-providers.ts";
import { namingConvention, schemaNameFrom, type ConventionName } from "../schema/naming/index.ts";
import { cachedNames, type Names } from "../normalize/names.ts";
import { LadingError } from "../errors/index.ts";
import type { ConnectOptions } from "../destination/destination.ts";
import type { Source } from "../resource/source.ts";
import type { PipelineParts, RunOptions } from "./run-options.ts";
import { type WorkingFolder, workingFolder } from "./working-folder.ts";

/** A source of a pipeline, and what its names become. */
export interface SourcePlace {
  readonly source: Source;
  /** The schema's name, and the key of the source in the state. */
  readonly schemaName: string;
  readonly names: Names;
  readonly naming: ConventionName;
}

/** Where a pipeline stands on this machine. */
export interface Surroundings {
  readonly config: Config;
  /** In the order in which they are loaded. */
  readonly sources: readonly SourcePlace[];
  /** Normalized. */
  readonly dataset: string;
  /** `.lading/<pipeline>`. */
  readonly folder: string;
  /** What the destination is connected with. */
  readonly where: ConnectOptions;
}

/** The one place that looks at the process: its folder, its environment. */
export async function surroundings(
  parts: PipelineParts,
  options: Pick<RunOptions, "config" | "profile" | "signal">,
): Promise<Surroundings> {
  const { name } = parts;
  const { env } = process;
  const cwd = process.cwd();
  const home = (env["HOME"] ?? env["USERPROFILE"]) || cwd;
  const { profile, signal = new AbortController().signal } = options;
  const folders = workingFolder({ pipeline: name, cwd, home, env, workingFolder: parts.workingFolder, profile });
  const config =
    options.config ??
    createConfig({
      providers: await loadProviders({ cwd, env, home, profile, signal, vaults: parts.vaults, pipelineName: name }),
      pipelineName: name,
    });
  await readyForData(folders, config);
  const sources = parts.sources.map((source) => placeOf(source, parts, config));
  const dataset = datasetName(parts, sources[0]!.names, config);
  return {
    config,
    sources,
    dataset,
    folder: folders.folder,
    where: { pipeline: name, dataset, config, folder: folders.local, workingFolder: folders.folder, signal },
  };
}

function placeOf(source: Source, { destination }: PipelineParts, config: Config): SourcePlace {
  const schemaName = schemaNameFrom(source.name);
  const configured = config.get("schema.naming", ["sources", schemaName]);
  const naming = (
    typeof configured === "string" ? configured : (destination.capabilities.naming ?? "snake_case")
  ) as ConventionName;
  const { maxIdentifierLength, identifierUnit, reservedColumns } = destination.capabilities;
  const convention = namingConvention(naming, maxIdentifierLength, identifierUnit);
  const names = cachedNames(convention, { names: naming, json: { module: "" } }, reservedColumns);
  return { source, schemaName, naming, names };
}

/** A profile's folder for data is made when it is first needed, as in dlt; one set elsewhere would part the two. */
async function readyForData({ local, profile }: WorkingFolder, config: Config): Promise<void> {
  if (profile === undefined) return;
  const key = "workspace.settings.local_dir";
  if (config.get(key) !== undefined) {
    throw new LadingError("CONFIG_INVALID", `The setting "${key}" (${config.where?.(key) ?? key}) is not supported.`, {
      hint: "Set DLT_LOCAL_DIR in the environment, which dlt reads too.",
    });
  }
  await mkdir(local, { recursive: true });
}

function datasetName(parts: PipelineParts, names: Names, config: Config): string {
  const configured = config.get("dataset_name");
  const given =
    parts.dataset ?? (typeof configured === "string" && configured !== "" ? configured : `${parts.name}_dataset`);
  const dataset = given.trim() === "" ? "" : names.table(given);
  if (dataset === "")
    throw new LadingError("NAME_EMPTY", `The name of the dataset "${given}" is empty once normalized.`);
  return dataset;
}
