import type { Exact } from "../util/exact.ts";
import { toPlain } from "../util/json.ts";
import { hasSeenData, isSystemTable } from "../schema/schema.ts";
import { schemaToText } from "../schema/wire.ts";
import { stateVersion, storedHash } from "../state/pipeline-state.ts";
import { surroundings } from "./environment.ts";
import type { PipelineParts, RunOptions } from "./run-options.ts";
import { defaultSchemaOf, readStored, type Stored } from "./stored.ts";

/** What a destination has of a pipeline. */
export interface SyncResult {
  readonly pipeline: string;
  readonly destination: string;
  /** Where the data is: a path or an address without secrets. */
  readonly location: string;
  readonly dataset: string;
  /** `undefined` where nothing was loaded by the pipeline. */
  readonly state:
    | {
        readonly version: number;
        readonly hash: string | undefined;
        /** The load that it came with. */
        readonly loadId: string;
        readonly defaultSchema: string | undefined;
        /** What sources and resources remember, by their names. */
        readonly sources: unknown;
      }
    | undefined;
  readonly schemas: readonly {
    readonly name: string;
    readonly version: number;
    readonly hash: string;
    /** Those with data, dlt's own not. */
    readonly tables: readonly string[];
    /** The whole schema in its stored form, which is dlt's: JSON. */
    readonly text: string;
  }[];
  /** Schemas that the state names, with which nothing was loaded yet. */
  readonly missing: readonly string[];
  /** The newest load of the dataset, whosever it is. */
  readonly lastLoadId: string | undefined;
}

/**
 * Reads from the destination what the next run would begin with. Every run does the same before it reads anything, and
 * relies on nothing that is only local, so there is nothing to write on this machine.
 */
export async function sync(
  parts: PipelineParts,
  options: Pick<RunOptions, "config" | "profile" | "signal">,
): Promise<SyncResult> {
  const { name, destination } = parts;
  const { where, dataset } = await surroundings(parts, options);
  await using client = await destination.connect(where);
  const stored = await readStored(client, name);
  return {
    pipeline: name,
    destination: destination.name,
    location: destination.describe(where),
    dataset,
    state: stored && stateOf(stored),
    schemas: (stored?.schemas ?? []).map((schema) => ({
      name: schema.name,
      version: schema.version ?? 1,
      hash: schema.versionHash ?? "",
      tables: [...schema.tables.values()]
        .filter((table) => hasSeenData(table) && !isSystemTable(table.name))
        .map((table) => table.name),
      text: schemaToText(schema),
    })),
    missing: stored?.missing ?? [],
    lastLoadId: await client.lastLoadId(),
  };
}

function stateOf({ state, loadId }: Stored): NonNullable<SyncResult["state"]> {
  const sources: Exact = state.get("sources") ?? new Map();
  return {
    version: stateVersion(state),
    hash: storedHash(state),
    loadId,
    defaultSchema: defaultSchemaOf(state),
    sources: toPlain(sources),
  };
}
