export type { Config, ConfigFile, ConfigProvider, FoundSetting } from "./config.ts";
export {
  type ConnectionParts,
  type ConnectionString,
  parseConnectionString,
  type Server,
} from "./connection-string.ts";
export type { SettingTypes } from "./convert.ts";
export { type ConfigOptions, createConfig } from "./create-config.ts";
export { type Credentials, type CredentialsOptions, type CredentialsTable, readCredentials } from "./credentials.ts";
export { type ConfigDocument, documentProvider } from "./document-provider.ts";
export { environmentProvider } from "./environment-provider.ts";
export { loadProviders, type LoadProvidersOptions } from "./load-providers.ts";
export { readSetting } from "./read-setting.ts";
export { type VaultCommandOptions, vaultCommand } from "./vault-command.ts";
export { vaultFunction } from "./vault-function.ts";
export { type Vault, vaultProvider, type VaultRequest } from "./vault.ts";
export { isSecret, type Secret, secret } from "./secret.ts";
