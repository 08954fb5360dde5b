import type { Json } from "../util/json-value.ts";
import type { CursorValue } from "./cursor-value.ts";
import { markTyped, isoUtc } from "../util/json-text.ts";
import type { StateValue } from "./state-value.ts";

/** What is kept of a cursor, with the names that it has on the wire (spec dlt-core 6.7, State). */
export interface CursorState {
  readonly initial_value: StateValue;
  /** The furthest value of all runs, as it stood in the rows. */
  readonly last_value: StateValue;
  /** Hashes of the rows whose cursor is `last_value`. */
  readonly unique_hashes: readonly string[];
  /** `last_value` at the start of the last run that found rows. */
  readonly start_value: StateValue;
}

/** Where a run began, kept with each position: what goes on after a crash must still read from there. */
export interface RunStart {
  readonly start: CursorValue | undefined;
  readonly hashes: readonly string[];
}

type State = Readonly<Record<string, StateValue>>;

/** The stored state of a cursor, if there is one. */
export function readCursorState(state: State, path: string): CursorState | undefined {
  const entry = record(record(state["incremental"])?.[path]);
  if (!entry) return undefined;
  const hashes = entry["unique_hashes"];
  return {
    initial_value: entry["initial_value"] ?? null,
    last_value: entry["last_value"] ?? null,
    unique_hashes: Array.isArray(hashes) ? hashes.filter((hash): hash is string => typeof hash === "string") : [],
    start_value: entry["start_value"] ?? null,
  };
}

/** Puts a cursor's state in the place of the old one; nothing within the old state is changed. */
export function writeCursorState(state: Record<string, StateValue>, path: string, entry: CursorState): void {
  state["incremental"] = { ...record(state["incremental"]), [path]: { ...entry } };
}

/** A cursor's value as the state holds it: a `Date` as the marked text that it is on the wire. */
export function toState(value: CursorValue | undefined): StateValue {
  if (value instanceof Date) return markTyped("timestamp", isoUtc(value));
  return value ?? null;
}

/** A value of the state as a cursor's; `undefined` for `null` and for what is no cursor's. */
export function fromState(value: StateValue): CursorValue | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  return value instanceof Date ? value : undefined;
}

/** The start of a run as JSON, for a position. */
export function runStartToJson({ start, hashes }: RunStart): Json {
  const value = toState(start);
  const json = typeof value === "bigint" ? { integer: String(value) } : (value as Json);
  return hashes.length === 0 ? { start: json } : { start: json, hashes };
}

/** The reverse of {@link runStartToJson}. */
export function runStartFromJson(json: Json): RunStart {
  const { start, hashes } = json as { readonly start: Json; readonly hashes?: readonly string[] };
  const integer = record(start)?.["integer"];
  return {
    start: typeof integer === "string" ? BigInt(integer) : fromState(start),
    hashes: hashes ?? [],
  };
}

function record(value: StateValue | undefined): State | undefined {
  if (typeof value !== "object" || value === null || value instanceof Date || Array.isArray(value)) return undefined;
  return value as State;
}
