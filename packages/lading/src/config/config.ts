import type { Secret } from "./secret.ts";

/** A file that a provider reads, and whether it was there. */
export interface ConfigFile {
  readonly path: string;
  readonly found: boolean;
}

/** One place where settings are found: the environment, a file. */
export interface ConfigProvider {
  /** For messages: `environment`, `.dlt/secrets.toml`. */
  readonly name: string;
  /** `false`: a secret found here is an error (config.toml). */
  readonly holdsSecrets: boolean;
  /** The files it was made from, those that are not there included. */
  readonly files?: readonly ConfigFile[];
  /** How this provider spells a key: `SOURCES__STICKYIO__API_PASSWORD`, `sources.stickyio.api_password`. */
  locate(path: readonly string[]): string;
  /** For messages: which of its files a value stands in, where that is not the one that it is named after. */
  within?(path: readonly string[]): string | undefined;
  /** The value at exactly this path, or `undefined`. */
  get(path: readonly string[]): unknown;
  /** As `get`, for a secret, where the provider has places that only secrets are taken from. Default: `get`. */
  secret?(path: readonly string[]): unknown;
}

/** A setting as it stands in its place. */
export interface FoundSetting {
  readonly value: unknown;
  /** For messages: `sources.page_size in .dlt/config.toml`. */
  readonly place: string;
  /** `false`: a secret may not stand there. */
  readonly holdsSecrets: boolean;
}

/**
 * Settings as one part of a run sees them. `sections` go from general to special: `["sources", "stickyio"]`.
 * A key is looked for in every provider in order, and in each from the most special section to none
 * (spec dlt-core 10.2).
 *
 * A key with dots (`credentials.password`) belongs together: its first parts are never left out in the search.
 */
export interface Config {
  /**
   * The value of a setting, or `undefined`. It is as it stands in its place: text in the environment and in `.env`,
   * typed in TOML. `readSetting` converts it.
   */
  get(key: string, sections?: readonly string[]): unknown;
  /** The value of a secret, as text. Throws `CONFIG_MISSING`, which lists every place that was tried. */
  secret(secret: Secret | string, sections?: readonly string[]): string;
  /** The same settings with the sections put before those that are given at each call. */
  within(...sections: readonly string[]): Config;
  /** Where `get` finds the value, for messages: `sources.page_size in .dlt/config.toml`. */
  where?(key: string, sections?: readonly string[]): string | undefined;
  /**
   * As `get`, with its place, where the value may be a secret or have one in it (credentials): mounted files are asked too.
   * Default: `get`.
   */
  find?(key: string, sections?: readonly string[]): FoundSetting | undefined;
  /** Makes a value known as a secret, so that it is in `secrets`; its name is the key in its sections. */
  keep?(key: string, value: string, sections?: readonly string[]): void;
  /**
   * Every secret value that was handed out, so that positions and messages can be cleaned of them. By its full name
   * (`sources.stickyio.api_password`), wherever it was found.
   */
  readonly secrets: ReadonlyMap<string, string>;
}
