import type { ConfigProvider } from "./config.ts";

/** One round through some providers, with one list of paths. */
export interface LookupPass {
  readonly providers: readonly ConfigProvider[];
  readonly paths: readonly (readonly string[])[];
}

/**
 * The paths at which a key is looked for in one provider, from the most special to none (spec dlt-core 10.2).
 *
 * The parts of a key before its last dot are kept in every path. For `sources` with a module and a name, the path
 * without the module comes third, as in dlt.
 *
 * @example lookupPaths(["sources", "shop"], "token") // sources.shop.token, sources.token, token
 */
export function lookupPaths(sections: readonly string[], key: string): readonly (readonly string[])[] {
  const inner = key.split(".");
  const bases: string[][] = [];
  for (let length = sections.length; length >= 0; length -= 1) bases.push(sections.slice(0, length));
  const compact = compactSections(sections);
  if (compact !== undefined) bases.splice(2, 0, compact);
  return bases.map((base) => [...base, ...inner]);
}

/** `sources, module, name` can be written `sources, name`. */
function compactSections(sections: readonly string[]): string[] | undefined {
  const [kind, module, ...rest] = sections;
  if (kind !== "sources" || rest.length === 0 || module === rest[0]) return undefined;
  return [kind, ...rest];
}
