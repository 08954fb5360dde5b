import type { Destination, DestinationClient, StoredSchema } from "../destination/destination.ts";
import { newSchema } from "../schema/new-schema.ts";
import type { Schema } from "../schema/schema.ts";
import {
  decodeState,
  newState,
  setNames,
  stateVersion,
  storedHash,
  type PipelineState,
  type StateNames,
} from "../state/pipeline-state.ts";
import { defaultSchemaOf, readSchema, schemaNames } from "./stored.ts";
import type { DraftHeader } from "../load-package/draft-header.ts";

/** What a run begins with: what the destination has as newest. */
export interface Restored {
  readonly state: PipelineState;
  readonly schema: Schema;
  /** The pipeline's default schema, to which rows of the state belong, where that is another one. */
  readonly stateSchema: Schema | undefined;
  readonly base: DraftHeader["base"];
  readonly lastLoadId: string | undefined;
}

/**
 * Reads state and schema back from the destination. They were written in the same transaction as the rows, so they
 * are right wherever the last run was; nothing that is only local is asked.
 */
export async function restore(
  client: Pick<DestinationClient, "readState" | "readSchema" | "lastLoadId">,
  destination: Destination,
  names: {
    readonly pipeline: string;
    /** Not normalized. */
    readonly dataset: string;
    readonly schema: string;
    /** Of all sources of the run, the first one first. */
    readonly schemas: readonly string[];
  },
  naming: string,
): Promise<Restored> {
  const stored = await client.readState(names.pipeline);
  const storedSchema = await client.readSchema(names.schema);
  const lastLoadId = await client.lastLoadId();
  const known = stored === undefined ? undefined : decodeState(stored.state);
  const schemaOf = (name: string, found: StoredSchema | undefined): Schema =>
    found === undefined ? newSchema(name, naming) : readSchema(found.schema);
  const defaultSchemaName = defaultSchemaOf(known) ?? names.schemas[0] ?? names.schema;
  const own: StateNames = {
    pipelineName: names.pipeline,
    datasetName: names.dataset,
    defaultSchemaName,
    schemaNames: [...new Set([...schemaNames(known), ...names.schemas])],
    destinationType: destination.dltType,
    destinationName: null,
  };
  const state = known ?? newState(own);
  const stateHash = known === undefined ? undefined : storedHash(known);
  setNames(state, own);
  return {
    state,
    schema: schemaOf(names.schema, storedSchema),
    stateSchema:
      defaultSchemaName === names.schema
        ? undefined
        : schemaOf(defaultSchemaName, await client.readSchema(defaultSchemaName)),
    base: {
      stateVersion: known === undefined ? undefined : stateVersion(known),
      stateHash,
      schemaHash: storedSchema?.versionHash,
    },
    lastLoadId,
  };
}
