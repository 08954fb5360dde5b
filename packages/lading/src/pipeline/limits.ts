import type { Config } from "../config/config.ts";
import { readSetting } from "../config/read-setting.ts";
import { LadingError } from "../errors/index.ts";

/** What a run keeps on this machine, and what it leaves free. */
export interface RunLimits {
  /** Committed loads of which schema, journal and trace are kept. */
  readonly keep: number;
  /** Bytes that must be free where the working folder is. */
  readonly minFreeDisk: number;
}

/** Whether what contracts leave out is kept in files: the option, else the setting, else not. Throws `CONFIG_INVALID`. */
export function keepsDiscarded(given: boolean | undefined, config: Config): boolean {
  return given ?? readSetting(config, "runtime.keep_discarded", "bool") ?? false;
}

const defaults: RunLimits = { keep: 20, minFreeDisk: 100_000_000 };

/** The limits of a run: its options, else the settings, else 20 loads and 100 MB. Throws `INVALID_ARGUMENT`, `CONFIG_INVALID`. */
export function runLimits(options: Partial<RunLimits>, config: Config): RunLimits {
  return {
    keep: limit("keep", options.keep, "runtime.keep", config),
    minFreeDisk: limit("minFreeDisk", options.minFreeDisk, "runtime.min_free_disk", config),
  };
}

function limit(name: keyof RunLimits, given: number | undefined, key: string, config: Config): number {
  if (given !== undefined) {
    if (given >= 0 && (Number.isInteger(given) || given === Infinity)) return given;
    throw new LadingError("INVALID_ARGUMENT", `${name} is ${given}. A whole number from 0 is wanted.`);
  }
  const setting = readSetting(config, key, "int");
  if (setting === undefined || setting >= 0) return setting ?? defaults[name];
  const place = config.where?.(key) ?? key;
  throw new LadingError("CONFIG_INVALID", `The setting "${key}" (${place}) is less than 0.`, {
    details: { key, place, wanted: "a whole number from 0" },
  });
}
