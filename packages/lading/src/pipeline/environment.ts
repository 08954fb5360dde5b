import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createConfig } from "../config/create-config.ts";
import type { Config } from "../config/config.ts";
import { loadProviders } from "../config/load-providers.ts";
import { readSetting } from "../config/read-setting.ts";
import { normalizeSchemaName } from "../schema/naming/index.ts";
import type { Names } from "../normalize/names.ts";
import { LadingError } from "../errors/index.ts";
import type { ConnectOptions } from "../destination/destination.ts";
import type { Source } from "../resource/source.ts";
import { checkSettings } from "./check-settings.ts";
import { datasetName } from "./dataset-name.ts";
import { chooseNaming, namesFor, type NamingChoice } from "./naming.ts";
import type { PipelineParts, RunOptions } from "./run-options.ts";
import { schemaFolders, type SchemaFolders } from "./schema-files.ts";
import type { TraceSetting } from "./run-trace.ts";
import { tracedConfig } from "./traced-config.ts";
import { type WorkingFolder, workingFolder } from "./working-folder.ts";

/** A source of a pipeline, and what its names become. */
export interface SourcePlace {
  readonly source: Source;
  /** The schema's name, and the key of the source in the state. */
  readonly schemaName: string;
  /** Names as they are where nothing is stored yet. */
  readonly names: Names;
  readonly naming: NamingChoice;
}

/** Where a pipeline stands on this machine. */
export interface Surroundings {
  readonly config: Config;
  /** In the order in which they are loaded. */
  readonly sources: readonly SourcePlace[];
  /** Normalized. */
  readonly dataset: string;
  /** As the state has it: not normalized. */
  readonly datasetName: string;
  /** Whether this instance of the pipeline starts from scratch, into a dataset of its own. */
  readonly isDev: boolean;
  /** The settings that were found so far, and where. */
  readonly settings: () => readonly TraceSetting[];
  /** What the user should know of the settings. */
  readonly notes: readonly string[];
  /** `.lading/<pipeline>`. */
  readonly folder: string;
  /** Where schemas stand as files for people. */
  readonly schemaFolders: SchemaFolders;
  /** What the destination is connected with. */
  readonly where: ConnectOptions;
}

/** The one place that looks at the process: its folder, its environment. */
export async function surroundings(
  parts: PipelineParts,
  options: Pick<RunOptions, "config" | "profile" | "signal" | "now">,
): Promise<Surroundings> {
  const { name, destination } = parts;
  const { env } = process;
  const cwd = process.cwd();
  const home = (env["HOME"] ?? env["USERPROFILE"]) || cwd;
  const { profile, signal = new AbortController().signal, now = Date.now } = options;
  const folders = workingFolder({ pipeline: name, cwd, home, env, workingFolder: parts.workingFolder, profile });
  const found =
    options.config ??
    createConfig({
      providers: await loadProviders({ cwd, env, home, profile, signal, vaults: parts.vaults, pipelineName: name }),
      pipelineName: name,
    });
  const { config, settings } = tracedConfig(found);
  checkSettings(config);
  await readyForData(folders, config);
  const isDev = parts.devMode ?? readSetting(config, "dev_mode", "bool") ?? false;
  const folder = isDev ? join(folders.folder, "dev") : folders.folder;
  const sources = parts.sources.map((source) => placeOf(source, parts, config));
  const dataset = datasetName({
    pipeline: name,
    destination: destination.name,
    dataset: parts.dataset,
    suffix: isDev ? parts.instance.suffix(now()) : undefined,
    names: sources[0]!.names,
    config,
  });
  return {
    config,
    sources,
    dataset: dataset.normalized,
    datasetName: dataset.given,
    isDev,
    settings,
    notes: dataset.notes,
    folder,
    schemaFolders: schemaFolders(parts, config, folders.project),
    where: {
      pipeline: name,
      dataset: dataset.normalized,
      config,
      folder: folders.local,
      workingFolder: folder,
      signal,
    },
  };
}

function placeOf(source: Source, parts: PipelineParts, config: Config): SourcePlace {
  const schemaName = normalizeSchemaName(source.name);
  const naming = chooseNaming({ naming: parts.naming, source, destination: parts.destination }, config, schemaName);
  return { source, schemaName, naming, names: namesFor(naming) };
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
