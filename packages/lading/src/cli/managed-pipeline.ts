import { resolve } from "node:path";
import type { ConfigOptions } from "../config/create-config.ts";
import { LadingError } from "../errors/index.ts";
import { inspectPipeline } from "../pipeline/inspect/inspect-pipeline.ts";
import { readLastRun } from "../pipeline/last-run.ts";
import type { Pipeline } from "../pipeline/index.ts";
import { workingFolder } from "../pipeline/working-folder.ts";
import { source } from "../resource/index.ts";
import { createPipeline, destinationTypes } from "./core.ts";
import type { Host } from "./host.ts";
import { inputFile } from "./input-file.ts";
import { openPipeline } from "./open-pipeline.ts";
import { settingsFor, type SettingsFor } from "./settings-for.ts";

/** What the command line does with a pipeline's destination. */
export type ManagedPipeline = Pick<Pipeline, "name" | "vaults" | "planDrop" | "drop" | "sync">;

/** Where a pipeline's data is, as far as it is said on the command line. */
export interface PlaceOptions {
  /** The module or document that has the pipeline. */
  readonly file?: string;
  readonly destination?: (typeof destinationTypes)[number];
  /** The database file, from the host's folder. */
  readonly database?: string;
  /** As it is called in the database. */
  readonly dataset?: string;
}

/** A pipeline with its settings. */
export interface Managed extends SettingsFor {
  readonly pipeline: ManagedPipeline;
  readonly options: { readonly config: SettingsFor["config"]; readonly profile?: string; readonly signal: AbortSignal };
}

/** A dataset is taken by the name that it has in the database: nothing is made of it. */
const asItIs: ConfigOptions["values"] = {
  dev_mode: false,
  dataset_name_layout: "%s",
  destination: { duckdb: { enable_dataset_name_normalization: false } },
};

/**
 * The pipeline in a file where one is named; else one that reads nothing, over the database and the dataset that are named, or
 * that the last run on this machine has noted. No code is run but that of a file that is named.
 * Throws `PIPELINE_NOT_FOUND` where nothing is named and nothing known, `USAGE`, `FILE_NOT_FOUND`, and as `openPipeline`.
 */
export async function managedPipeline(name: string, place: PlaceOptions, host: Host): Promise<Managed> {
  const { file, database } = place;
  const around = { signal: host.signal, ...(host.profile === undefined ? {} : { profile: host.profile }) };
  if (file !== undefined) {
    const pipeline = await openPipeline({ file, host, wanted: name });
    const settings = await settingsFor(pipeline, host);
    return { ...settings, pipeline, options: { ...around, config: settings.config } };
  }
  const known = await lastPlace(name, host);
  const path = database === undefined ? known?.location : resolve(host.cwd, database);
  if (path === undefined) throw unknownPlace(name);
  if (database === undefined && place.destination === undefined) checkType(name, known?.destination);
  await inputFile(path, host.cwd);
  const pipeline = await createPipeline(
    {
      name,
      source: source(name, []),
      destination: { type: "duckdb", path },
      dataset: place.dataset ?? known?.dataset ?? `${name}_dataset`,
    },
    host,
  );
  const settings = await settingsFor(pipeline, host, asItIs);
  return { ...settings, pipeline, options: { ...around, config: settings.config } };
}

interface LastPlace {
  readonly destination: string;
  readonly location: string;
  readonly dataset: string;
}

/** Where the last run has loaded, by its own note, or else by the newest load that is kept. */
async function lastPlace(name: string, host: Host): Promise<LastPlace | undefined> {
  const { folder } = workingFolder({ ...host, pipeline: name });
  const last = await readLastRun(folder);
  if (last !== undefined) return last;
  const view = await inspectPipeline(folder, { now: host.now() });
  const newest = view?.loaded.find(({ load }) => load !== undefined);
  const { destination, dataset, load } = newest ?? {};
  return destination === undefined || dataset === undefined || load === undefined
    ? undefined
    : { destination, dataset, location: load.location };
}

const hint =
  "Name the file that it is in: --file pipeline.ts; or say where its data is: --database shop.duckdb --dataset shop_data.";

function unknownPlace(name: string): LadingError {
  return new LadingError("PIPELINE_NOT_FOUND", `Where the pipeline "${name}" loads to is not known here.`, { hint });
}

function checkType(name: string, type: string | undefined): void {
  if (destinationTypes.some((known) => known === type)) return;
  throw new LadingError("USAGE", `The pipeline "${name}" loads into "${type ?? ""}", which is defined in its file.`, {
    hint: "Name that file: --file pipeline.ts.",
  });
}
