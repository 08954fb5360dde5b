import { createHash } from "node:crypto";
import type { DiscardCounts } from "./discard-count.ts";
import type { Json } from "../util/json-value.ts";

/** A parent's page that is not done with: its rows are kept in `pages/`, and its children are being read. */
export interface OpenPage {
  /** The name of its file. */
  readonly page: string;
  /** The child that is being read; those before it are done. */
  readonly child: string;
  /** Where that child goes on within the rows: missing, at their start; `null`, it is done too. */
  readonly at?: Json;
}

/** How far a resource has come. */
export interface ResourceProgress {
  /** The resource whose pages it is fed: it goes on where that one does. */
  readonly parent?: string;
  /** Where it goes on; `null` at its end; `undefined` where it cannot and starts again. */
  readonly position?: Json;
  /**
   * Only of a resource without a parent: what is to be done before it goes on at `position`, outermost first. The page
   * below another one is of the child that is being read there.
   */
  readonly inside?: readonly OpenPage[];
  readonly finished: boolean;
  readonly pages: number;
  readonly rows: number;
  readonly bytes: number;
  /** What contracts left out, by table. */
  readonly discarded?: DiscardCounts;
  /** What it remembers, as text of typed JSON, where it remembers anything. */
  readonly state?: string;
  /** What it has put into the state of its source, as text. */
  readonly sourceState?: string;
}

/** A row file as far as it is on the disk. */
export interface PartProgress {
  readonly resource: string;
  readonly table: string;
  /** Columns in the order of the cells. */
  readonly columns: readonly string[];
  readonly bytes: number;
  readonly rows: number;
  /** Longest row in bytes. */
  readonly longestRow: number;
}

/** A change of the schema, by the resource that brought it: JSON text of the table with only what is new. */
export interface SchemaChange {
  readonly resource: string;
  /** `declared`: hints, before any row; `inferred`: from rows. */
  readonly kind: "declared" | "inferred";
  readonly table: string;
}

/**
 * One line of `journal.jsonl`: everything up to here is on the disk. Lines hold what has changed since the line before
 * them; {@link foldJournal} puts them together.
 */
export interface JournalEntry {
  readonly at: string;
  readonly resources?: Readonly<Record<string, ResourceProgress>>;
  /** By path below the package's folder. */
  readonly parts?: Readonly<Record<string, PartProgress>>;
  readonly changes?: readonly SchemaChange[];
  /** Resources that began anew: what stands before of them does not count. */
  readonly dropped?: readonly string[];
}

/** The state of a draft after some lines. */
export interface JournalState {
  readonly entries: number;
  readonly resources: ReadonlyMap<string, ResourceProgress>;
  readonly parts: ReadonlyMap<string, PartProgress>;
  readonly changes: readonly SchemaChange[];
}

export const emptyJournal: JournalState = { entries: 0, resources: new Map(), parts: new Map(), changes: [] };

/** A line with its checksum, so that a torn one is known. */
export function journalLine(entry: JournalEntry): string {
  const text = JSON.stringify(entry);
  return `${checksum(text)} ${text}\n`;
}

/**
 * Reads a journal as far as it is whole. A torn or damaged last line is left out; what comes after a damaged line
 * does not count.
 * @returns the entries, and the length in bytes of what is whole
 */
export function readJournal(text: string): { readonly entries: JournalEntry[]; readonly length: number } {
  const entries: JournalEntry[] = [];
  let length = 0;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    const line = text.slice(start, end);
    const content = line.slice(checksumLength + 1);
    if (line.slice(0, checksumLength) !== checksum(content)) break;
    entries.push(JSON.parse(content) as JournalEntry);
    length += Buffer.byteLength(line) + 1;
    start = end + 1;
  }
  return { entries, length };
}

/** Pure: what a line adds to what was known. */
export function foldJournal(state: JournalState, entry: JournalEntry): JournalState {
  const dropped = new Set(entry.dropped);
  const resources = new Map([...state.resources].filter(([name]) => !dropped.has(name)));
  const parts = new Map([...state.parts].filter(([, part]) => !dropped.has(part.resource)));
  const changes = dropped.size === 0 ? state.changes : withoutResources(state.changes, dropped, parts);
  for (const [name, progress] of Object.entries(entry.resources ?? {})) resources.set(name, progress);
  for (const [path, part] of Object.entries(entry.parts ?? {})) parts.set(path, part);
  return { entries: state.entries + 1, resources, parts, changes: [...changes, ...(entry.changes ?? [])] };
}

/** Everything that was known, as one entry. */
export function wholeEntry(state: JournalState, at: string): JournalEntry {
  return {
    at,
    resources: Object.fromEntries(state.resources),
    parts: Object.fromEntries(state.parts),
    changes: state.changes,
  };
}

/** Takes back what resources brought to the schema, but for the tables and columns that rows of others are in by now. */
function withoutResources(
  changes: readonly SchemaChange[],
  dropped: ReadonlySet<string>,
  parts: ReadonlyMap<string, PartProgress>,
): readonly SchemaChange[] {
  const used = new Map<string, Set<string>>();
  for (const part of parts.values()) {
    const columns = used.get(part.table) ?? new Set();
    for (const column of part.columns) columns.add(column);
    used.set(part.table, columns);
  }
  return changes.flatMap((change) => {
    if (!dropped.has(change.resource)) return [change];
    const table = JSON.parse(change.table) as { name: string; columns: Record<string, unknown> };
    const kept = Object.entries(table.columns).filter(([column]) => used.get(table.name)?.has(column) === true);
    if (kept.length === 0 && (change.kind === "inferred" || !used.has(table.name))) return [];
    return [{ ...change, table: JSON.stringify({ ...table, columns: Object.fromEntries(kept) }) }];
  });
}

const checksumLength = 16;

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, checksumLength);
}
