import { createConfig } from "../config/create-config.ts";
import type { Config } from "../config/config.ts";
import { loadProviders } from "../config/load-providers.ts";
import { schemaNameFrom } from "../schema/naming/index.ts";
import type { Names } from "../normalize/names.ts";
import { LadingError } from "../errors/index.ts";
import type { ConnectOptions } from "../destination/destination.ts";
import { chooseNaming, namesFor, type NamingChoice } from "./naming.ts";
import type { PipelineParts } from "./run-options.ts";
import { workingFolder } from "./working-folder.ts";

/** Where a pipeline stands on this machine, and what its names become. */
export interface Surroundings {
  readonly config: Config;
  /** Names as they are where nothing is stored yet. */
  readonly names: Names;
  /** The schema's name, and the key of the source in the state. */
  readonly schemaName: string;
  readonly naming: NamingChoice;
  /** Normalized. */
  readonly dataset: string;
  /** `.lading/<pipeline>`. */
  readonly folder: string;
  /** What the destination is connected with. */
  readonly where: ConnectOptions;
}

/** The one place that looks at the process: its folder, its environment. */
export async function surroundings(parts: PipelineParts, signal: AbortSignal, given?: Config): Promise<Surroundings> {
  const { name, source } = parts;
  const { env } = process;
  const cwd = process.cwd();
  const home = (env["HOME"] ?? env["USERPROFILE"]) || cwd;
  const config = given ?? createConfig({ providers: await loadProviders({ cwd, env, home }), pipelineName: name });
  const folders = workingFolder({ pipeline: name, cwd, home, env, workingFolder: parts.workingFolder });
  const schemaName = schemaNameFrom(source.name);
  const naming = chooseNaming(parts, config, schemaName);
  const names = namesFor(naming);
  const dataset = datasetName(parts, names, config);
  return {
    config,
    names,
    schemaName,
    naming,
    dataset,
    folder: folders.folder,
    where: { pipeline: name, dataset, config, folder: folders.project, workingFolder: folders.folder, signal },
  };
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
