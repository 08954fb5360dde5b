import type { Config } from "../config/config.ts";
import { createConfig, type ConfigOptions } from "../config/create-config.ts";
import { loadProviders } from "../config/load-providers.ts";
import { mask } from "../config/mask.ts";
import type { Vault } from "../config/vault.ts";
import type { Host } from "./host.ts";

/** The settings of a pipeline, and what takes the secrets among them out of a text. */
export interface SettingsFor {
  readonly config: Config;
  readonly clean: (text: string) => string;
}

/** @param values settings that win over all others */
export async function settingsFor(
  { name, vaults = [] }: { readonly name: string; readonly vaults?: readonly Vault[] },
  host: Host,
  values?: ConfigOptions["values"],
): Promise<SettingsFor> {
  const config = createConfig({
    providers: await loadProviders({ ...host, vaults, pipelineName: name }),
    pipelineName: name,
    ...(values === undefined ? {} : { values }),
  });
  host.secrets?.add(config.secrets);
  return { config, clean: (text) => mask(text, config.secrets) };
}
