import type { ConfigFile, ConfigProvider } from "./config.ts";

/** Settings as nested tables, as TOML and code write them. */
export type ConfigDocument = Readonly<Record<string, unknown>>;

/** What {@link documentProvider} needs. */
export interface DocumentProviderOptions {
  /** For messages. */
  readonly name: string;
  readonly document: ConfigDocument;
  readonly holdsSecrets: boolean;
  readonly files?: readonly ConfigFile[];
}

/** A provider over nested tables; a key is spelled with dots: `sources.stickyio.api_password`. */
export function documentProvider({
  name,
  document,
  holdsSecrets,
  files = [],
}: DocumentProviderOptions): ConfigProvider {
  return { name, holdsSecrets, files, locate: (path) => path.join("."), get: (path) => valueAt(document, path) };
}

/** The value at a path of nested tables. */
export function valueAt(document: ConfigDocument, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const part of path) {
    if (!isTable(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/**
 * One document over another: tables are merged, anything else of `above` takes the place of what is below
 * (how dlt puts a project's file over the global one).
 */
export function mergeDocuments(below: ConfigDocument, above: ConfigDocument): ConfigDocument {
  const merged: Record<string, unknown> = Object.assign(Object.create(null), below);
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    merged[key] = isTable(old) && isTable(value) ? mergeDocuments(old, value) : value;
  }
  return merged;
}

/** Whether it is a table of settings: an object that is no list and no date. */
export function isTable(value: unknown): value is ConfigDocument {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
