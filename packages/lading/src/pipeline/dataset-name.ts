import type { Config } from "../config/config.ts";
import { readSetting } from "../config/read-setting.ts";
import { LadingError } from "../errors/index.ts";
import type { Names } from "../normalize/names.ts";

/** A dataset as it was named, and as it is called in the destination. */
export interface DatasetName {
  /** With suffix and layout, as dlt keeps it in the state. */
  readonly given: string;
  readonly normalized: string;
  /** Settings that have no effect here. */
  readonly notes: readonly string[];
}

export interface DatasetNameOptions {
  readonly pipeline: string;
  /** The section of the destination's settings. */
  readonly destination: string;
  /** Given in code. Default: the setting `dataset_name`, else `<pipeline>_dataset`. */
  readonly dataset: string | undefined;
  /** Of an instance in dev mode. */
  readonly suffix: string | undefined;
  readonly names: Names;
  readonly config: Config;
}

/**
 * The name of a dataset (spec dlt-core 5.7): as given, with the suffix of dev mode, put into `dataset_name_layout`, and
 * normalized, unless the destination's `enable_dataset_name_normalization` is off.
 * Throws `NAME_EMPTY`, `CONFIG_INVALID`.
 */
export function datasetName({
  pipeline,
  destination,
  dataset,
  suffix,
  names,
  config,
}: DatasetNameOptions): DatasetName {
  const configured = config.get("dataset_name");
  const plain = dataset ?? (typeof configured === "string" && configured !== "" ? configured : `${pipeline}_dataset`);
  const own = suffix === undefined ? plain : `${plain.replace(/_$/, "")}${suffix}`;
  const layout = readSetting(config, "dataset_name_layout", "text") ?? "%s";
  const given = filled(layout, own, "dataset_name_layout");
  const section = ["destination", destination];
  const isNormalized = readSetting(config, "enable_dataset_name_normalization", "bool", section) ?? true;
  const normalized = plain.trim() === "" ? "" : isNormalized ? names.table(given) : given;
  if (normalized === "") {
    throw new LadingError(
      "NAME_EMPTY",
      `The name of the dataset "${plain}" is empty${plain.trim() === "" ? "" : " once normalized"}.`,
    );
  }
  const staging = config.get("staging_dataset_name_layout", section);
  const notes =
    staging === undefined
      ? []
      : [
          "The setting staging_dataset_name_layout has no effect: no dataset is used for staging, as rows are staged within the transaction of their load.",
        ];
  return { given, normalized, notes };
}

/** Puts a name into a layout, as Python's `%` does. */
function filled(layout: string, name: string, setting: string): string {
  const parts = layout.split("%s");
  if (parts.length !== 2) {
    throw new LadingError(
      "CONFIG_INVALID",
      `The setting "${setting}" must have one %s, where the name of the dataset goes.`,
      {
        hint: 'For example "prefix_%s".',
        details: { setting },
      },
    );
  }
  return parts.map((part) => part.replaceAll("%%", "%")).join(name);
}
