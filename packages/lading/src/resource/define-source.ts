import { LadingError } from "../errors/index.ts";
import type { ConventionName, OwnConvention } from "../schema/naming/index.ts";
import { checkContract } from "./check-contract.ts";
import { checkKeys, checkName } from "./check-keys.ts";
import type { SchemaContract } from "./hints.ts";
import type { Resource } from "./resource.ts";
import type { Source } from "./source.ts";

/** What is said of all resources of a source. */
export interface SourceOptions {
  /** How deep nested objects and lists become columns and tables. Default: 1000. */
  readonly maxTableNesting?: number;
  /** Whether nested tables get the id of their root row. Default: where a merge needs it. */
  readonly rootKey?: boolean;
  /** Of all tables that have none of their own. Default: `evolve`. */
  readonly schemaContract?: SchemaContract;
  /** How names become names of tables and columns. Default: the setting `schema.naming`, what is stored, `snake_case`. */
  readonly naming?: ConventionName | OwnConvention;
}

/** The resources with certain names, in their order. */
export type Selected<Resources extends readonly Resource[], Name extends string> = Resources extends readonly [
  infer First extends Resource,
  ...infer Rest extends readonly Resource[],
]
  ? First["name"] extends Name
    ? readonly [First, ...Selected<Rest, Name>]
    : Selected<Rest, Name>
  : number extends Resources["length"]
    ? readonly Named<Resources[number], Name>[]
    : readonly [];

/** Of resources made in a loop it is not known which one has which name. */
type Named<Given extends Resource, Name extends string> = Given extends Resource
  ? [Extract<Name, Given["name"]>] extends [never]
    ? never
    : Given
  : never;

/** A source of which some resources can be chosen. */
export interface SelectableSource<
  Name extends string = string,
  Resources extends readonly Resource[] = readonly Resource[],
> extends Source<Name, Resources> {
  /**
   * The same source with only these resources. Parents that are not among them are read for their children only.
   *
   * @throws LadingError INVALID_ARGUMENT on a name that no resource has
   */
  withResources<const Chosen extends Resources[number]["name"]>(
    ...names: readonly Chosen[]
  ): SelectableSource<Name, Selected<Resources, Chosen>>;
}

/**
 * A source: resources that belong together. They share a schema, and a section of the settings.
 *
 * @throws LadingError NAME_EMPTY; INVALID_ARGUMENT where two resources have one name
 */
export function source<const Name extends string, const Resources extends readonly Resource[]>(
  name: Name,
  resources: Resources,
  options: SourceOptions = {},
): SelectableSource<Name, Resources> {
  checkName("source", name);
  checkKeys(`The source "${name}"`, options, ["maxTableNesting", "rootKey", "schemaContract", "naming"]);
  checkContract(`the source "${name}"`, options.schemaContract);
  checkDistinct(name, resources);
  return {
    type: "source",
    name,
    resources,
    ...options,
    withResources: (...names) => source(name, choose(name, resources, names), options) as never,
  };
}

function checkDistinct(owner: string, resources: readonly Resource[]): void {
  const seen = new Set<string>();
  for (const { name } of resources) {
    checkName("resource", name);
    if (seen.has(name)) {
      throw new LadingError("INVALID_ARGUMENT", `The source "${owner}" has two resources with the name "${name}"`, {
        hint: 'Give one of them another name: `.with({ name: "…" })`. `tableName` lets two resources share a table.',
        details: { source: owner, resource: name },
      });
    }
    seen.add(name);
  }
}

function choose(owner: string, resources: readonly Resource[], names: readonly string[]): readonly Resource[] {
  const known = resources.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return resources.filter(({ name }) => names.includes(name));
  throw new LadingError("INVALID_ARGUMENT", `The source "${owner}" has no resource "${unknown}"`, {
    hint: `Its resources are: ${known.join(", ")}.`,
    details: { source: owner, resource: unknown, known },
  });
}
