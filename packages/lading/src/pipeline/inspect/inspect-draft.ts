import { join } from "node:path";
import { LadingError } from "../../errors/index.ts";
import type { DraftHeader } from "../../load-package/draft-header.ts";
import {
  emptyJournal,
  foldJournal,
  readJournal,
  type JournalState,
  type ResourceProgress,
} from "../../load-package/journal.ts";
import { isLoaded } from "../../load-package/part-path.ts";
import type { Json } from "../../util/json-value.ts";
import { bytesIn, lengthOf, textOf } from "./look.ts";
import { shownPosition } from "./shown-position.ts";
import { tableSizes, type TableSize } from "./table-sizes.ts";

/** How far a resource of a draft has come. Sizes are those of what was read, not of the rows on the disk. */
export interface DraftResource {
  readonly name: string;
  /** `finished`; `continues`: the next run goes on behind its last page; `restarts`: it is read again from its start. */
  readonly state: "finished" | "continues" | "restarts";
  /** The resource whose pages it is fed: it goes on with that one. */
  readonly parent?: string;
  readonly pages: number;
  readonly rows: number;
  readonly bytes: number;
  /** Where it goes on, without secrets: for REST the next request. */
  readonly position?: Json;
}

/** Extraction that was not finished, as it counts: up to its last checkpoint. */
export interface DraftView {
  readonly folder: string;
  /** ISO 8601, UTC. */
  readonly beganAt?: string;
  /** ISO 8601, UTC; not there before the first one. */
  readonly checkpointAt?: string;
  readonly resources: readonly DraftResource[];
  readonly tables: readonly TableSize[];
  /** Bytes in all its files. */
  readonly diskBytes: number;
  /** What is wrong with it; nothing: the next run can go on from it. */
  readonly damage: readonly string[];
}

/** How often it is looked again where a run changes the draft in the middle of the look. */
const looks = 3;

/**
 * Reads a draft, and changes nothing: a run may be filling it.
 * @returns `undefined` where there is none, or it was not begun in earnest
 */
export async function inspectDraft(folder: string): Promise<DraftView | undefined> {
  try {
    for (let look = 1; ; look++) {
      const header = await textOf(join(folder, "draft.json"));
      if (header === undefined) return undefined;
      const text = await journalOf(folder);
      const view = await viewOf(folder, header, text);
      // Rows that are taken back go after the line that says so.
      if (view.damage.length === 0 || look === looks || (await journalOf(folder)) === text) return view;
    }
  } catch (error) {
    if (!LadingError.is(error, "WORKING_FOLDER")) throw error;
    return unreadable(folder, error.message);
  }
}

async function journalOf(folder: string): Promise<string> {
  return (await textOf(join(folder, "journal.jsonl"))) ?? "";
}

function unreadable(folder: string, what: string): DraftView {
  return { folder, resources: [], tables: [], diskBytes: 0, damage: [what] };
}

async function viewOf(folder: string, header: string, journalText: string): Promise<DraftView> {
  const diskBytes = await bytesIn(folder);
  const beganAt = beginning(header);
  if (beganAt === undefined) return { ...unreadable(folder, "draft.json cannot be read"), diskBytes };
  const { entries } = readJournal(journalText);
  let journal = emptyJournal;
  for (const entry of entries) journal = foldJournal(journal, entry);
  const last = entries.at(-1);
  return {
    folder,
    beganAt,
    ...(last && { checkpointAt: last.at }),
    resources: resourcesOf(journal),
    tables: tableSizes([...journal.parts].flatMap(([path, part]) => (isLoaded(path) && part.rows > 0 ? [part] : []))),
    diskBytes,
    damage: await damaged(folder, journal),
  };
}

function beginning(header: string): string | undefined {
  try {
    const { format, createdAt } = JSON.parse(header) as DraftHeader;
    return format === 1 ? createdAt : undefined;
  } catch {
    return undefined;
  }
}

async function damaged(folder: string, journal: JournalState): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [path, { bytes }] of journal.parts) {
    const length = await lengthOf(join(folder, path));
    if (length === undefined) found.push(`${path} is missing`);
    else if (length < bytes) found.push(`${path} has ${length} bytes instead of ${bytes}`);
  }
  return found;
}

function resourcesOf(journal: JournalState): readonly DraftResource[] {
  return [...journal.resources].map(([name, progress]) => ({
    name,
    state: stateOf(progress, journal),
    ...(progress.parent === undefined ? {} : { parent: progress.parent }),
    pages: progress.pages,
    rows: progress.rows,
    bytes: progress.bytes,
    ...(progress.position === undefined ? {} : { position: shownPosition(progress.position) }),
  }));
}

/** A resource with a parent goes on with the root of its tree. */
function stateOf(progress: ResourceProgress, { resources }: JournalState): DraftResource["state"] {
  // After a last page nothing is left but to say so.
  if (progress.finished || progress.position === null) return "finished";
  let root: ResourceProgress | undefined = progress;
  for (let up = 0; root?.parent !== undefined && up <= resources.size; up++) root = resources.get(root.parent);
  if (root === undefined || root.position === undefined) return root?.finished === true ? "finished" : "restarts";
  return root.position === null ? "finished" : "continues";
}
