import { sep } from "node:path";
import { LadingError } from "../errors/index.ts";
import type { ConfigProvider } from "./config.ts";
import { convert, settingDescriptions, type SettingTypes } from "./convert.ts";
import { type VaultCommandOptions, vaultCommand } from "./vault-command.ts";
import type { Vault } from "./vault.ts";

const path = (key: string): readonly string[] => ["providers", "command", key];

/**
 * The vault that settings name: `providers.command.command`, with `format`, `select`, `section`, `timeout` (seconds) beside it.
 * A command is code, and a project's files may be somebody else's, as are those of a repository that was just cloned: so it is
 * taken from this user's own places only, the environment and the global folder. In a project's file it is an error.
 */
export function configuredVault(providers: readonly ConfigProvider[], globalFolder: string): Vault | undefined {
  const isOwn = (provider: ConfigProvider, key: string): boolean =>
    provider.name === "environment" || provider.within?.(path(key))?.startsWith(globalFolder + sep) === true;
  const read = <Type extends keyof SettingTypes>(key: string, type: Type): SettingTypes[Type] | undefined => {
    const provider = providers.find((one) => one.get(path(key)) !== undefined);
    if (provider === undefined) return undefined;
    const place = `${provider.locate(path(key))} in ${provider.within?.(path(key)) ?? provider.name}`;
    if (!isOwn(provider, key)) {
      throw new LadingError("CONFIG_INVALID", `A command may not be named in a project's files (${place}).`, {
        hint: "Name it in the environment, in the global folder (~/.dlt/config.toml), or in code: vaults: [vaultCommand({ … })].",
        details: { place },
      });
    }
    const value = convert(provider.get(path(key)), type);
    if (value !== undefined) return value;
    throw new LadingError(
      "CONFIG_INVALID",
      `The setting "providers.command.${key}" (${place}) is not ${settingDescriptions[type]}.`,
      {
        details: { key: `providers.command.${key}`, place, wanted: type },
      },
    );
  };

  const command = read("command", "list");
  if (command === undefined) return undefined;
  const format = read("format", "text");
  if (format !== undefined && format !== "json" && format !== "toml") {
    throw new LadingError("CONFIG_INVALID", 'The setting "providers.command.format" is neither "json" nor "toml".');
  }
  const select = read("select", "text");
  const section = read("section", "text");
  const seconds = read("timeout", "float");
  return vaultCommand({
    command: command as VaultCommandOptions["command"],
    ...(format === undefined ? {} : { format }),
    ...(select === undefined ? {} : { select }),
    ...(section === undefined ? {} : { section }),
    ...(seconds === undefined ? {} : { timeout: seconds * 1000 }),
  });
}
