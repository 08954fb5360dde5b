import { LadingError } from "../errors/index.ts";
import type { SourcePlace } from "./environment.ts";

/** A source that a run reads. */
export interface ChosenSource extends SourcePlace {
  /** Names of its resources that are wanted; `undefined`: all but those that are not `selected`. */
  readonly selected: readonly string[] | undefined;
}

/**
 * The sources of which a run reads something. A name means the resources of that name in all of them.
 *
 * @throws LadingError INVALID_ARGUMENT on a name that no resource has
 */
export function chooseSources(
  sources: readonly SourcePlace[],
  wanted: readonly string[] | undefined,
): readonly ChosenSource[] {
  if (wanted === undefined) return sources.map((place) => ({ ...place, selected: undefined }));
  const namesOf = ({ source }: SourcePlace): string[] => source.resources.map(({ name }) => name);
  const known = new Set(sources.flatMap(namesOf));
  const unknown = wanted.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new LadingError("INVALID_ARGUMENT", `There is no resource "${unknown}" to select.`, {
      hint: `There are: ${[...known].join(", ")}.`,
    });
  return sources
    .map((place) => ({ ...place, selected: namesOf(place).filter((name) => wanted.includes(name)) }))
    .filter(({ selected }) => selected.length > 0);
}

/**
 * What a resource is called in results and events: by its own name, with that of the schema before it where several sources
 * have one of that name.
 */
export function resourceLabels(sources: readonly SourcePlace[]): (schemaName: string, resource: string) => string {
  const owners = new Map<string, number>();
  for (const { source } of sources)
    for (const name of new Set(source.resources.map((resource) => resource.name)))
      owners.set(name, (owners.get(name) ?? 0) + 1);
  return (schemaName, resource) => ((owners.get(resource) ?? 0) > 1 ? `${schemaName}.${resource}` : resource);
}
