import { LadingError } from "../errors/index.ts";
import type { Config, ConfigProvider } from "./config.ts";
import { type ConfigDocument, documentProvider } from "./document-provider.ts";
import { type LookupPass, lookupPaths } from "./lookup-paths.ts";
import { missingSetting } from "./missing-setting.ts";
import type { Secret } from "./secret.ts";

/** What {@link createConfig} needs. */
export interface ConfigOptions {
  /** In the order in which they are asked. */
  readonly providers: readonly ConfigProvider[];
  /** A value in a section of this name wins over one without. */
  readonly pipelineName?: string;
  /** The sections that all keys are in. Default: none. */
  readonly sections?: readonly string[];
  /** Values given in code, as nested tables. They win over all providers. */
  readonly values?: ConfigDocument;
}

interface Found {
  readonly value: unknown;
  readonly provider: ConfigProvider;
  readonly path: readonly string[];
}

/**
 * Settings over providers, in dlt's order (spec dlt-core 10.2): values given in code; then all providers with the
 * pipeline's name as first section; then all without it. In one provider the most special section is asked first.
 *
 * Throws `CONFIG_MISSING`, `CONFIG_INVALID` or `CONFIG_SECRET_IN_PLAIN_FILE` when a secret is asked for.
 */
export function createConfig(options: ConfigOptions): Config {
  return configWithin(options, options.sections ?? [], new Map());
}

function configWithin(options: ConfigOptions, base: readonly string[], secrets: Map<string, string>): Config {
  const plain = (key: string, sections: readonly string[]): Found | undefined =>
    find(passes(options, [...base, ...sections], key), (provider, path) => provider.get(path));

  return {
    get: (key, sections = []) => plain(key, sections)?.value,
    where(key, sections = []) {
      const found = plain(key, sections);
      return found && place(found);
    },
    find(key, sections = []) {
      const found = find(passes(options, [...base, ...sections], key), askForSecret);
      return found && { value: found.value, place: place(found), holdsSecrets: found.provider.holdsSecrets };
    },
    keep: (key, value, sections = []) => void secrets.set([...base, ...sections, key].join("."), value),
    secret(wanted: Secret | string, sections = []) {
      const key = typeof wanted === "string" ? wanted : wanted.key;
      const within = [...base, ...sections];
      const rounds = passes(options, within, key);
      const found = find(rounds, askForSecret);
      if (found === undefined) throw missingSetting({ key, sections: within, passes: rounds, secret: true });
      const text = secretText(key, found);
      secrets.set([...within, key].join("."), text);
      return text;
    },
    within: (...sections) => configWithin(options, [...base, ...sections], secrets),
    secrets,
  };
}

function askForSecret(provider: ConfigProvider, path: readonly string[]): unknown {
  return provider.secret ? provider.secret(path) : provider.get(path);
}

function passes(options: ConfigOptions, sections: readonly string[], key: string): readonly LookupPass[] {
  const { pipelineName, providers, values } = options;
  const paths = lookupPaths(sections, key);
  const named = pipelineName === undefined ? [] : paths.map((path) => [pipelineName, ...path]);
  const inCode = values && documentProvider({ name: "given in code", document: values, holdsSecrets: true });
  return [
    ...(inCode ? [{ providers: [inCode], paths: [...named, ...paths] }] : []),
    ...(named.length > 0 ? [{ providers, paths: named }] : []),
    { providers, paths },
  ];
}

function find(
  rounds: readonly LookupPass[],
  ask: (provider: ConfigProvider, path: readonly string[]) => unknown,
): Found | undefined {
  for (const { providers, paths } of rounds) {
    for (const provider of providers) {
      for (const path of paths) {
        const value = ask(provider, path);
        if (value !== undefined && value !== null) return { value, provider, path };
      }
    }
  }
  return undefined;
}

function secretText(key: string, found: Found): string {
  const at = place(found);
  if (!found.provider.holdsSecrets) {
    throw new LadingError(
      "CONFIG_SECRET_IN_PLAIN_FILE",
      `The secret "${key}" stands in ${nameAt(found.provider, found.path)}, as ${found.provider.locate(found.path)}.`,
      { details: { key, provider: found.provider.name, path: found.provider.locate(found.path) } },
    );
  }
  const { value } = found;
  // A float is refused because its digits may not be those that stand in the file.
  const text = Number.isInteger(value) || typeof value === "bigint" ? String(value) : value;
  if (typeof text !== "string") {
    throw new LadingError("CONFIG_INVALID", `The secret "${key}" is not a text (${at}).`, {
      hint: "Put the value in quotation marks.",
      details: { key, place: at },
    });
  }
  if (placeholder.test(text)) {
    throw new LadingError("CONFIG_INVALID", `The secret "${key}" still has its placeholder (${at}).`, {
      hint: "Put the real value there.",
      details: { key, place: at },
    });
  }
  return text;
}

/** What `init` writes where a person must fill something in. */
const placeholder = /^<[a-z ]*configure[a-z ]*>$/i;

function nameAt(provider: ConfigProvider, path: readonly string[]): string {
  return provider.within?.(path) ?? provider.name;
}

function place({ provider, path }: Found): string {
  return `${provider.locate(path)} in ${nameAt(provider, path)}`;
}
