import type { Json } from "../util/json-value.ts";
import type { Incremental } from "./incremental.ts";
import { parseInstant } from "./instant.ts";
import { ExactFloat, type ExactObject } from "../util/exact.ts";
import { toPlain } from "../util/json.ts";
import type { StoredCursor } from "./cursor-value.ts";
import { markTyped, isoUtc } from "../util/json-text.ts";
import type { StateValue } from "./state-value.ts";

/** What is kept of a cursor, with the names that it has on the wire (spec dlt-core 6.7, State). */
export interface CursorState {
  readonly initial_value: CursorStateValue;
  /** The furthest value of all runs, as it stood in the rows. */
  readonly last_value: CursorStateValue;
  /** Hashes of the rows whose cursor is `last_value`. */
  readonly unique_hashes: readonly string[];
  /** `last_value` at the start of the last run that found rows. */
  readonly start_value: CursorStateValue;
}

/** Beside what any state may hold, a float as it was written. */
export type CursorStateValue = StateValue | ExactFloat;

/** Where a run began, kept with each position: what goes on after a crash must still read from there. */
export interface RunStart {
  readonly start: StoredCursor | undefined;
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
  // A float that was written as one is not among the values that users put into their state.
  const stored = { ...entry } as unknown as StateValue;
  state["incremental"] = { ...record(state["incremental"]), [path]: stored };
}

/**
 * A cursor's value as the state holds it: a `Date` as the marked text that it is on the wire.
 *
 * @param storedAs what an ISO text is there, where it is known: Python compares it with what it reads
 */
export function toState(value: StoredCursor | undefined, storedAs?: Incremental["storedAs"]): CursorStateValue {
  if (value instanceof Date) return markTyped("timestamp", isoUtc(value));
  if (typeof value === "string" && storedAs !== undefined) {
    const read = parseInstant(value);
    if (read !== undefined && (read.time !== undefined) === (storedAs === "timestamp"))
      return markTyped(storedAs, pythonFraction(value));
  }
  return value ?? null;
}

/** Python has six digits of a second's fraction, or none. */
function pythonFraction(text: string): string {
  return text.replace(/\.(\d{1,6})/, (_, digits: string) => `.${digits.padEnd(6, "0")}`);
}

/** A value of the state as a cursor's; `undefined` for `null` and for what is no cursor's. */
export function fromState(value: CursorStateValue): StoredCursor | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  return value instanceof Date || value instanceof ExactFloat ? value : undefined;
}

/** The start of a run as JSON, for a position. */
export function runStartToJson({ start, hashes }: RunStart): Json {
  const value = toState(start);
  const json = numberToJson(value) ?? (value as Json);
  return hashes.length === 0 ? { start: json } : { start: json, hashes };
}

/** The reverse of {@link runStartToJson}. */
export function runStartFromJson(json: Json): RunStart {
  const { start, hashes } = json as { readonly start: Json; readonly hashes?: readonly string[] };
  const { integer, float } = record(start) ?? {};
  if (typeof integer === "string") return { start: BigInt(integer), hashes: hashes ?? [] };
  if (typeof float === "string") return { start: new ExactFloat(Number(float), float), hashes: hashes ?? [] };
  return { start: fromState(start), hashes: hashes ?? [] };
}

function numberToJson(value: CursorStateValue): Json | undefined {
  if (typeof value === "bigint") return { integer: String(value) };
  return value instanceof ExactFloat ? { float: value.text } : undefined;
}

/** A resource's state as its functions see it; only the floats of cursors stay as they were written. */
export function plainState(exact: ExactObject): Record<string, StateValue> {
  const plain = toPlain(exact) as Record<string, Record<string, Record<string, unknown>>>;
  const cursors = exact.get("incremental");
  for (const [path, entry] of cursors instanceof Map ? cursors : []) {
    for (const [key, value] of entry instanceof Map ? entry : []) {
      if (value instanceof ExactFloat) plain["incremental"]![path]![key] = value;
    }
  }
  return plain as Record<string, StateValue>;
}

function record(value: StateValue | undefined): State | undefined {
  if (typeof value !== "object" || value === null || value instanceof Date || Array.isArray(value)) return undefined;
  return value as State;
}
