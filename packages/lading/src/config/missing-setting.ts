import { LadingError } from "../errors/index.ts";
import type { ConfigProvider } from "./config.ts";
import type { LookupPass } from "./lookup-paths.ts";

/** What was looked for in vain. */
export interface MissingSetting {
  readonly key: string;
  readonly sections: readonly string[];
  readonly passes: readonly LookupPass[];
  /** `true`: only places that may hold secrets count. */
  readonly secret: boolean;
}

/** The error that lists every place that was tried, in each provider's own spelling, and the files that were not there. */
export function missingSetting({ key, sections, passes, secret }: MissingSetting): LadingError {
  const usable = passes.map(({ providers, paths }) => ({
    paths,
    providers: providers.filter((provider) => provider.holdsSecrets || !secret),
  }));
  const tried = usable.flatMap(({ providers, paths }) =>
    providers.flatMap((provider) => paths.map((path) => ({ provider: provider.name, place: provider.locate(path) }))),
  );
  const providers = [...new Set(usable.flatMap((pass) => pass.providers))];
  const absent = providers.flatMap((provider) => (provider.files ?? []).filter((file) => !file.found));

  const lines = [
    `No value for the ${secret ? "secret" : "setting"} "${[...sections, key].join(".")}". Looked for, in this order:`,
    ...tried.map(({ provider, place }) => `  ${place} (${provider})`),
    ...(absent.length > 0 ? ["Files that are not there:", ...absent.map((file) => `  ${file.path}`)] : []),
  ];
  return new LadingError("CONFIG_MISSING", lines.join("\n"), {
    hint: advice(providers, [...sections, ...key.split(".")]),
    details: { key, sections, tried, filesNotThere: absent.map((file) => file.path) },
  });
}

function advice(providers: readonly ConfigProvider[], path: readonly string[]): string {
  const ways = providers
    .filter((provider) => provider.name === "environment" || provider.name.endsWith(".toml"))
    .map(
      (provider) =>
        `${provider.locate(path)} in ${provider.name === "environment" ? "the environment" : provider.name}`,
    );
  return ways.length === 0 ? "Pass the value in code." : `Set ${ways.join(", or ")}.`;
}
