import { compress, decompress, sha3Base64 } from "../util/hash.ts";
import type { Exact, ExactObject } from "../util/exact.ts";
import { parseExact } from "../util/json.ts";
import { stringify } from "../util/json-text.ts";

/**
 * A pipeline's state, as dlt stores it (spec dlt-core 5.4): what it is called, which schemas it has, and under
 * `sources` what its resources remember. Values that JSON lacks stay in dlt's typed form, as texts.
 */
export type PipelineState = ExactObject;

/** The state engine that Lading writes and reads. */
const stateEngineVersion = 4;

const unhashed = new Set(["_state_version", "_state_engine_version", "_version_hash", "_local"]);

/** What makes a state new: names, not yet anything remembered. */
export interface StateNames {
  readonly pipelineName: string;
  readonly datasetName: string;
  readonly defaultSchemaName: string | null;
  readonly schemaNames: readonly string[];
  readonly destinationType: string;
  readonly destinationName: string | null;
}

/** The state of a pipeline that never ran: version 0, which its first load makes 1. */
export function newState(names: StateNames): PipelineState {
  const state: PipelineState = new Map<string, Exact>([
    ["_state_version", 0n],
    ["_state_engine_version", BigInt(stateEngineVersion)],
  ]);
  setNames(state, { ...names, defaultSchemaName: null, schemaNames: [] });
  state.set("_version_hash", stateHash(state));
  setNames(state, names);
  return state;
}

/** Puts the names of this run into a state. */
export function setNames(state: PipelineState, names: StateNames): void {
  state.set("pipeline_name", names.pipelineName);
  state.set("dataset_name", names.datasetName);
  state.set("default_schema_name", names.defaultSchemaName);
  state.set("schema_names", names.schemaNames.toSorted());
  state.set("destination_type", names.destinationType);
  state.set("destination_name", names.destinationName);
}

/** dlt's hash of a state: SHA3-256 of its JSON with sorted keys, without the versions. */
function stateHash(state: PipelineState): string {
  const content = new Map([...state].filter(([key]) => !unhashed.has(key)));
  return sha3Base64(stringify(content, { sortKeys: true }));
}

/** Counts the version up where the content has changed. @returns the hash */
export function bumpState(state: PipelineState): string {
  const hash = stateHash(state);
  if (state.get("_version_hash") !== hash) {
    state.set("_state_version", BigInt(stateVersion(state) + 1));
    state.set("_version_hash", hash);
  }
  return hash;
}

/** Takes over the version of a later state, so that the next one is counted from there. */
export function takeVersion(state: PipelineState, later: PipelineState): void {
  for (const key of ["_state_version", "_version_hash"]) state.set(key, later.get(key)!);
}

/** The hash that a state was stored with. */
export function storedHash(state: PipelineState): string | undefined {
  const hash = state.get("_version_hash");
  return typeof hash === "string" ? hash : undefined;
}

export function engineOf(state: PipelineState): number {
  return Number(state.get("_state_engine_version") ?? BigInt(stateEngineVersion));
}

export function stateVersion(state: PipelineState): number {
  return Number(state.get("_state_version") ?? 0n);
}

/** The text of the column `state`: JSON, compressed, base64; without what is only local. */
export function encodeState(state: PipelineState): string {
  return compress(stateToText(state));
}

/** Reads both forms: compressed, and plain JSON. */
export function decodeState(text: string): PipelineState {
  let json = text;
  try {
    json = decompress(text);
  } catch {
    // Not base64: the text itself is JSON (spec dlt-core 5.4).
  }
  return stateFromText(json);
}

export function stateToText(state: PipelineState): string {
  return stringify(new Map([...state].filter(([key]) => key !== "_local")));
}

export function stateFromText(text: string): PipelineState {
  const state = parseExact(text);
  if (!(state instanceof Map)) throw new SyntaxError("A pipeline state is not a JSON object.");
  return state;
}

/** A deep copy, by way of the text. */
export function cloneState(state: PipelineState): PipelineState {
  return stateFromText(stateToText(state));
}

/** Where a source's resources are in its state. */
const resourcesKey = "resources";

/** What a source remembers; made where it is not there and `make` is set. */
function sourceState(state: PipelineState, source: string, make: boolean): ExactObject | undefined {
  return child(child(state, "sources", make), source, make);
}

/** What a source remembers beside its resources. */
export function sourceValues(state: PipelineState, source: string): ExactObject {
  return new Map([...(sourceState(state, source, false) ?? [])].filter(([key]) => key !== resourcesKey));
}

/** Replaces what a source remembers beside its resources; nothing is written where there was nothing. */
export function setSourceValues(state: PipelineState, source: string, values: ExactObject): void {
  const known = sourceState(state, source, values.size > 0);
  if (known === undefined) return;
  for (const key of known.keys()) if (key !== resourcesKey && !values.has(key)) known.delete(key);
  for (const [key, value] of values) known.set(key, value);
}

/** What a source and its resources remember. */
export function sourceStateOf(state: PipelineState, source: string): ExactObject | undefined {
  return sourceState(state, source, false);
}

/** What a resource remembers. */
export function resourceState(state: PipelineState, source: string, resource: string): ExactObject | undefined {
  return child(child(sourceState(state, source, false), resourcesKey, false), resource, false);
}

/** The resources of a source that remember something. */
export function resourceNames(state: PipelineState, source: string): string[] {
  return [...(child(sourceState(state, source, false), resourcesKey, false)?.keys() ?? [])];
}

/** Replaces what a resource remembers; an empty object is not written where there was nothing. */
export function setResourceState(state: PipelineState, source: string, resource: string, value: ExactObject): void {
  if (value.size === 0 && resourceState(state, source, resource) === undefined) return;
  child(sourceState(state, source, true), resourcesKey, true)!.set(resource, value);
}

/**
 * Forgets what some resources remember. As in dlt, a state that was asked has `sources`, if only empty ones.
 * @returns their names
 */
export function forgetResources(state: PipelineState, source: string, matches: (name: string) => boolean): string[] {
  child(state, "sources", true);
  const resources = child(sourceState(state, source, false), "resources", false);
  const names = [...(resources?.keys() ?? [])].filter(matches);
  for (const name of names) resources!.delete(name);
  return names;
}

/** Forgets what a source itself remembers, beside what its resources do. */
export function forgetSourceState(state: PipelineState, source: string): void {
  const own = sourceState(state, source, false);
  for (const key of own?.keys() ?? []) if (key !== "resources") own!.delete(key);
}

/** Forgets what a resource remembers, as dlt does before each run of a resource that replaces its table. */
export function resetResourceState(state: PipelineState, source: string, resource: string): void {
  child(sourceState(state, source, true), resourcesKey, false)?.delete(resource);
}

function child(parent: ExactObject | undefined, key: string, make: boolean): ExactObject | undefined {
  const known = parent?.get(key);
  if (known instanceof Map) return known;
  if (!make || parent === undefined) return undefined;
  const made: ExactObject = new Map();
  parent.set(key, made);
  return made;
}
