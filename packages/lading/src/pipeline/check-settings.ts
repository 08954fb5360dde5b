import type { Config } from "../config/config.ts";
import { readSetting } from "../config/read-setting.ts";
import { LadingError } from "../errors/index.ts";

/** What dlt lets one turn off and Lading does not: its key, its section, and what to do instead. */
const alwaysOn: readonly (readonly [key: string, sections: readonly string[], hint: string])[] = [
  ["use_single_dataset", [], "All schemas of a pipeline are loaded into one dataset. Use a pipeline for each dataset."],
  [
    "restore_from_destination",
    [],
    "State and schemas are always those of the destination. Use devMode to begin without them.",
  ],
  [
    "raise_on_failed_jobs",
    ["load"],
    "A package is loaded as a whole or not at all. One that fails can be given up: onTerminalError, abortPackages.",
  ],
];

/** Refuses settings that would have to be passed over. Throws `CONFIG_INVALID`. */
export function checkSettings(config: Config): void {
  for (const [setting, sections, hint] of alwaysOn) {
    if (readSetting(config, setting, "bool", sections) !== false) continue;
    throw new LadingError("CONFIG_INVALID", `The setting "${setting}" cannot be false.`, {
      hint,
      details: { setting },
    });
  }
}
