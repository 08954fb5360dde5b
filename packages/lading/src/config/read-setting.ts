import { LadingError } from "../errors/index.ts";
import type { Config } from "./config.ts";
import { convert, settingDescriptions, type SettingTypes } from "./convert.ts";

/**
 * A setting as the type wanted, wherever it comes from; `undefined` where it is not set.
 * Throws `CONFIG_INVALID` where the value is not of that type. The value itself is not in the message, as it may be
 * a secret in the wrong place.
 * @example readSetting(config, "page_size", "int", ["sources", "shop"])
 */
export function readSetting<Type extends keyof SettingTypes>(
  config: Config,
  key: string,
  type: Type,
  sections: readonly string[] = [],
): SettingTypes[Type] | undefined {
  const value = config.get(key, sections);
  if (value === undefined || value === null) return undefined;
  const converted = convert(value, type);
  if (converted !== undefined) return converted;
  const place = config.where?.(key, sections) ?? [...sections, key].join(".");
  throw new LadingError("CONFIG_INVALID", `The setting "${key}" (${place}) is not ${settingDescriptions[type]}.`, {
    details: { key, place, wanted: type },
  });
}
