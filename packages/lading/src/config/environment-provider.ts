import type { ConfigFile, ConfigProvider } from "./config.ts";

/** What {@link environmentProvider} needs. */
export interface EnvironmentProviderOptions {
  /** For messages. Default: `environment`. */
  readonly name?: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly files?: readonly ConfigFile[];
  /** Contents of mounted secrets by file name (`/run/secrets`); asked before the variables, for secrets only. */
  readonly mountedSecrets?: ReadonlyMap<string, string>;
}

/** A provider over variables; a key is spelled in capitals with two underscores: `SOURCES__STICKYIO__API_PASSWORD`. */
export function environmentProvider({
  name = "environment",
  variables,
  files = [],
  mountedSecrets = new Map(),
}: EnvironmentProviderOptions): ConfigProvider {
  const locate = (path: readonly string[]): string => path.join("__").toUpperCase();
  const get = (path: readonly string[]): string | undefined => variables[locate(path)];
  return {
    name,
    holdsSecrets: true,
    files,
    locate,
    get,
    secret: (path) => mountedSecrets.get(mountedName(path)) ?? get(path),
  };
}

/** The file that holds a mounted secret: `sources--stickyio--api-password` (spec dlt-core 10.1). */
function mountedName(path: readonly string[]): string {
  return path.join("__").toLowerCase().replaceAll("_", "-");
}
