import type { Config } from "../config/config.ts";
import type { TraceSetting } from "./run-trace.ts";

/** Settings that note which of them were found, and where. */
export interface TracedConfig {
  readonly config: Config;
  /** In the order in which they were first asked for. */
  readonly settings: () => readonly TraceSetting[];
}

/** Wraps settings for one run. Values are not noted. */
export function tracedConfig(real: Config): TracedConfig {
  const found = new Map<string, TraceSetting>();

  function note(
    config: Config,
    within: readonly string[],
    key: string,
    sections: readonly string[],
    isSecret: boolean,
  ): void {
    const name = [...within, ...sections, key].join(".");
    if (found.has(name)) return;
    const place = config.where?.(key, sections);
    found.set(name, { key: name, ...(place === undefined ? {} : { place }), isSecret });
  }

  function wrap(config: Config, within: readonly string[]): Config {
    return {
      get(key, sections = []) {
        const value = config.get(key, sections);
        if (value !== undefined) note(config, within, key, sections, false);
        return value;
      },
      secret(wanted, sections = []) {
        const text = config.secret(wanted, sections);
        note(config, within, typeof wanted === "string" ? wanted : wanted.key, sections, true);
        return text;
      },
      within: (...sections) => wrap(config.within(...sections), [...within, ...sections]),
      ...(config.find === undefined
        ? {}
        : {
            find(key, sections = []) {
              const setting = config.find!(key, sections);
              if (setting !== undefined) note(config, within, key, sections, setting.holdsSecrets);
              return setting;
            },
          }),
      ...(config.keep === undefined ? {} : { keep: (key, value, sections) => config.keep!(key, value, sections) }),
      ...(config.where === undefined ? {} : { where: (key, sections) => config.where!(key, sections) }),
      secrets: config.secrets,
    };
  }

  return { config: wrap(real, []), settings: () => [...found.values()] };
}
