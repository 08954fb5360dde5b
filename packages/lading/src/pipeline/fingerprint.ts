import type { SchemaContract } from "../resource/hints.ts";
import type { Source } from "../resource/source.ts";
import type { OwnConvention } from "../schema/naming/index.ts";
import { digest128 } from "../util/hash.ts";
import { stringify } from "../util/json-text.ts";
import { fromPlain } from "../util/json.ts";

/**
 * What a draft must have in common with the run that goes on with it: the source's configuration without secrets, the
 * selected resources, their hints, and how it is begun anew. Functions count by their text.
 */
export function fingerprint(
  source: Source,
  selected: readonly string[] | undefined,
  dataset: string,
  {
    schemaContract,
    naming,
    importedHash,
    refresh,
  }: {
    readonly schemaContract?: SchemaContract | undefined;
    readonly naming?: string | OwnConvention | undefined;
    /** The hash of the schema that a person may have edited. */
    readonly importedHash?: string | undefined;
    readonly refresh?: string | undefined;
  } = {},
): string {
  const content = {
    source: source.name,
    dataset,
    selected: selected === undefined ? null : selected.toSorted(),
    maxTableNesting: source.maxTableNesting ?? null,
    rootKey: source.rootKey ?? null,
    schemaContract: source.schemaContract ?? null,
    ...(schemaContract === undefined ? {} : { runContract: schemaContract }),
    ...(naming === undefined ? {} : { naming }),
    ...(importedHash === undefined ? {} : { importedHash }),
    ...(refresh === undefined ? {} : { refresh }),
    resources: source.resources.map((resource) => ({
      name: resource.name,
      parent: resource.parent?.name ?? null,
      selected: resource.selected ?? true,
      hints: resource.hints,
      configuration: resource.fingerprint ?? null,
    })),
  };
  return digest128(stringify(fromPlain(plain(content)), { sortKeys: true }));
}

/** That of the draft of a drop, which has no rows: nobody goes on with it. */
export const dropFingerprint = "drop";

function plain(value: unknown): unknown {
  if (typeof value === "function") return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Date || value instanceof Uint8Array) {
    return value === undefined ? null : value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
