import type { DestinationClient } from "../destination/destination.ts";
import type { Schema } from "../schema/schema.ts";
import { schemaHash } from "../schema/version.ts";
import { schemaFromText } from "../schema/wire.ts";
import { decodeState, type PipelineState } from "../state/pipeline-state.ts";
import { decompress } from "../util/hash.ts";

/** What a destination has of a pipeline. */
export interface Stored {
  readonly state: PipelineState;
  /** The load that the state came with. */
  readonly loadId: string;
  /** The newest of each schema that the state names. */
  readonly schemas: readonly Schema[];
  /** Schemas that the state names, and that are not there: nothing was loaded with them yet. */
  readonly missing: readonly string[];
}

/** @returns `undefined` where the dataset has no state of the pipeline */
export async function readStored(client: DestinationClient, pipeline: string): Promise<Stored | undefined> {
  const found = await client.readState(pipeline);
  if (found === undefined) return undefined;
  const state = decodeState(found.state);
  const schemas: Schema[] = [];
  const missing: string[] = [];
  for (const name of schemaNames(state)) {
    const schema = await client.readSchema(name);
    if (schema === undefined) missing.push(name);
    else schemas.push(readSchema(schema.schema));
  }
  return { state, loadId: found.loadId, schemas, missing };
}

export function schemaNames(state: PipelineState | undefined): string[] {
  const names = state?.get("schema_names");
  return Array.isArray(names) ? names.map(String) : [];
}

/** The name of the schema to which rows of the state belong. */
export function defaultSchemaOf(state: PipelineState | undefined): string | undefined {
  const name = state?.get("default_schema_name");
  return typeof name === "string" ? name : undefined;
}

/** A stored schema is JSON, or compressed where it is long (spec dlt-core 5.3). One that was changed by hand is bumped. */
export function readSchema(text: string): Schema {
  let json = text;
  if (!text.startsWith("{")) json = decompress(text);
  const schema = schemaFromText(json);
  const hash = schemaHash(schema);
  if (schema.versionHash !== undefined && schema.versionHash !== hash) {
    schema.previousHashes = [
      schema.versionHash,
      ...schema.previousHashes.filter((one) => one !== schema.versionHash),
    ].slice(0, 10);
    schema.version = (schema.version ?? 0) + 1;
    schema.versionHash = hash;
  }
  return schema;
}
