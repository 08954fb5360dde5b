export type { Config, ConfigProvider } from "./config.ts";
export { type ConfigOptions, createConfig } from "./create-config.ts";
export { type ConfigDocument, documentProvider } from "./document-provider.ts";
export { environmentProvider } from "./environment-provider.ts";
export { loadProviders, type LoadProvidersOptions } from "./load-providers.ts";
export { readSetting } from "./read-setting.ts";
export { isSecret, type Secret, secret } from "./secret.ts";
