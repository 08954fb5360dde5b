import { join } from "node:path";
import { LadingError } from "../errors/index.ts";
import type { AppendFile, Disk } from "./disk.ts";
import { damagedDraft, parseHeader, type DraftHeader } from "./draft-header.ts";
import {
  emptyJournal,
  foldJournal,
  journalLine,
  readJournal,
  type JournalEntry,
  type JournalState,
  type PartProgress,
  wholeEntry,
} from "./journal.ts";
import type { Part } from "./manifest.ts";
import { isLoaded, partNumber, partPath, type RowFileKind } from "./part-path.ts";
import { RowFile } from "./row-file.ts";
import { pagePath, pagesIn, readPage, removePages, writePages } from "./stored-pages.ts";

/** Bytes at which a row file is closed and a new one begun (spec performance 1.1). */
const defaultPartBytes = 8 * 1024 * 1024;
/** Bytes of rows that wait in memory before they are written. */
const writeSize = 512 * 1024;

/** Row files that are full and wait for the next checkpoint to sync and close them, at most: each is an open file. */
const mostFull = 32;

/** Bytes after which the journal is written anew, as one line. */
const journalSize = 4 * 1024 * 1024;

/** How a draft is written. */
export interface DraftOptions {
  readonly disk: Disk;
  /** Bytes at which a row file is closed and a new one begun. Default: 8 MB. */
  readonly partBytes?: number | undefined;
}

interface OpenPart {
  readonly path: string;
  readonly file: RowFile;
  readonly handle: AppendFile;
  readonly columns: readonly string[];
  bytes: number;
  rows: number;
  longestRow: number;
  dirty: boolean;
  /** A sync that a checkpoint has begun: the file is not closed before it has ended. */
  syncing: Promise<void> | undefined;
  closing: Promise<void> | undefined;
}

/** What a checkpoint says beside the row files. */
export type CheckpointContent = Pick<JournalEntry, "resources" | "changes" | "dropped">;

/**
 * A load package while it is filled: row files, and a journal that says how far they count. Nothing in it is promised
 * beyond the journal's last line; {@link DraftPackage.open} cuts the rest away.
 */
export class DraftPackage {
  readonly folder: string;
  readonly header: DraftHeader;
  readonly #disk: Disk;
  #journal: AppendFile;
  /** What the journal says, folded, and its bytes since it was last written as one line. */
  #state: JournalState;
  #grown = 0;
  readonly #files = new Map<string, RowFile>();
  readonly #open = new Map<RowFile, OpenPart>();
  /** Nothing more is written to these; they are closed by the next checkpoint, so that nobody waits for the disk. */
  readonly #full = new Set<OpenPart>();
  readonly #parts: Map<string, PartProgress>;
  readonly #changedParts = new Set<string>();
  /** Row files that the journal still names, and that go when it does not any more. */
  readonly #dropped = new Set<string>();
  /** Folders with files whose names are not durable yet. */
  readonly #newNames = new Set<string>();
  /** Something could not be written or synced: what is in the files is not known any more, and must not count. */
  #broken = false;
  #nextPart: number;
  readonly #partBytes: number;
  #filled = 0;
  /** Bytes in all row files. */
  bytes = 0;

  private constructor(
    folder: string,
    header: DraftHeader,
    { disk, partBytes = defaultPartBytes }: DraftOptions,
    journal: AppendFile,
    state: JournalState,
  ) {
    this.folder = folder;
    this.header = header;
    this.#disk = disk;
    this.#partBytes = partBytes;
    this.#journal = journal;
    this.#state = state;
    this.#parts = new Map(state.parts);
    this.#nextPart = 1 + Math.max(0, ...[...state.parts.keys()].map(partNumber));
    for (const part of state.parts.values()) this.bytes += part.bytes;
  }

  /** Begins a draft in a folder that is not there yet. */
  static async create(folder: string, header: DraftHeader, options: DraftOptions): Promise<DraftPackage> {
    const { disk } = options;
    await disk.remove(folder);
    await disk.makeFolder(folder);
    await disk.replaceFile(join(folder, "draft.json"), `${JSON.stringify(header, null, 2)}\n`);
    const journal = await disk.append(join(folder, "journal.jsonl"));
    await disk.syncFolder(folder);
    return new DraftPackage(folder, header, options, journal, emptyJournal);
  }

  /**
   * Opens a draft that an earlier run left, and cuts it to its last checkpoint. The journal is written anew, as one
   * line, into a new file: a run that slept and was thought dead still has the old one open.
   *
   * Throws `PACKAGE_CORRUPT` where files that count are damaged.
   * @returns `undefined` where there is none, or it was not yet begun in earnest
   */
  static async open(
    folder: string,
    options: DraftOptions,
  ): Promise<{ readonly draft: DraftPackage; readonly journal: JournalState } | undefined> {
    const { disk } = options;
    const headerText = await disk.readText(join(folder, "draft.json"));
    if (headerText === undefined) return undefined;
    const header = parseHeader(headerText, folder);
    const journalPath = join(folder, "journal.jsonl");
    const { entries } = readJournal((await disk.readText(journalPath)) ?? "");
    let journal = emptyJournal;
    for (const entry of entries) journal = foldJournal(journal, entry);
    for (const [path, part] of journal.parts) {
      const length = await disk.lengthOf(join(folder, path));
      if (length === undefined || length < part.bytes) throw damagedDraft(folder, path);
      if (length > part.bytes) await disk.cut(join(folder, path), part.bytes);
    }
    for (const name of pagesIn(journal)) {
      if ((await readPage(disk, folder, name)) === undefined) throw damagedDraft(folder, pagePath(name));
    }
    await disk.replaceFile(
      journalPath,
      entries.length === 0 ? "" : journalLine(wholeEntry(journal, entries.at(-1)!.at)),
    );
    const handle = await disk.append(journalPath);
    return { draft: new DraftPackage(folder, header, options, handle, journal), journal };
  }

  /** The row file of a table of a resource; or the file of what a contract left out of it. */
  file(resource: string, table: string, kind: RowFileKind = "rows"): RowFile {
    const key = fileKey(resource, table, kind);
    let file = this.#files.get(key);
    if (file === undefined) this.#files.set(key, (file = new RowFile(resource, table, kind)));
    return file;
  }

  /** Writes rows that wait in memory: those of files with at least `atLeast` bytes of them. */
  async write(atLeast = Math.min(writeSize, this.#partBytes)): Promise<void> {
    for (const file of this.#files.values()) {
      if (file.buffer.length > 0 && file.buffer.length >= atLeast) await this.#orBroken(() => this.#writeFile(file));
    }
  }

  /** A write may have been done in part, and a sync that failed may look well when it is done again. */
  async #orBroken<T>(action: () => Promise<T>): Promise<T> {
    if (this.#broken) throw new LadingError("WORKING_FOLDER", `${this.folder} could not be written before.`);
    try {
      return await action();
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  async #writeFile(file: RowFile): Promise<void> {
    let part = this.#open.get(file);
    if (part !== undefined && (part.columns.length < file.columns.length || part.bytes >= this.#partBytes)) {
      if (part.bytes >= this.#partBytes) this.#filled++;
      this.#open.delete(file);
      this.#full.add(part);
      const [oldest] = this.#full;
      if (this.#full.size > mostFull) await this.#closePart(oldest!);
      part = undefined;
    }
    part ??= await this.#openPart(file);
    const { buffer } = file;
    await part.handle.write(buffer.bytes.subarray(0, buffer.length));
    part.bytes += buffer.length;
    part.rows += buffer.rows;
    part.longestRow = Math.max(part.longestRow, buffer.longestRow);
    part.dirty = true;
    this.bytes += buffer.length;
    this.#parts.set(part.path, progressOf(part));
    this.#changedParts.add(part.path);
    buffer.clear();
  }

  async #openPart(file: RowFile): Promise<OpenPart> {
    const path = partPath(file.resource, file.table, this.#nextPart++, file.kind);
    const absolute = join(this.folder, path);
    await this.#disk.makeFolder(join(absolute, ".."));
    // A file that no journal line names is left from before a crash.
    await this.#disk.remove(absolute);
    const handle = await this.#disk.append(absolute);
    this.#newNames.add(join(absolute, ".."));
    const part: OpenPart = {
      path,
      file,
      handle,
      columns: [...file.columns],
      bytes: 0,
      rows: 0,
      longestRow: 0,
      dirty: false,
      syncing: undefined,
      closing: undefined,
    };
    this.#open.set(file, part);
    return part;
  }

  /** Syncs and closes a row file; a checkpoint that is being made may be at it already. */
  #closePart(part: OpenPart): Promise<void> {
    const close = async (): Promise<void> => {
      await part.syncing;
      if (part.dirty) await part.handle.sync();
      await part.handle.close();
      if (!this.#full.delete(part)) this.#open.delete(part.file);
    };
    return (part.closing ??= close());
  }

  /**
   * Writes all rows that wait, and begins to make everything up to now durable: the rows first, then the journal's
   * line that names them. More rows may be written meanwhile; only one checkpoint is made at a time.
   * @param content what to put into the line beside the row files
   * @param leftOut resources of which the rows since their last checkpoint do not count yet
   * @param pages texts of the pages that `content` names, by name; those that are on the disk already may be missing
   * @returns a promise of its own in `durable`, so that the caller need not wait for the disk
   */
  async checkpoint(
    content: CheckpointContent,
    at: string,
    leftOut: ReadonlySet<string> = new Set(),
    pages: ReadonlyMap<string, string> = new Map(),
  ): Promise<{ readonly durable: Promise<void> }> {
    await this.write(0);
    const parts: Record<string, PartProgress> = {};
    for (const path of this.#changedParts) {
      const part = this.#parts.get(path);
      if (part !== undefined && leftOut.has(part.resource)) continue;
      this.#changedParts.delete(path);
      if (part !== undefined) parts[path] = part;
    }
    const full = [...this.#full];
    const dirty = [...full, ...this.#open.values()].filter((part) => part.dirty);
    for (const part of dirty) part.dirty = false;
    const folders = [...this.#newNames];
    this.#newNames.clear();
    const entry = { at, ...content, parts };
    const garbage = [...this.#dropped];
    this.#dropped.clear();
    const durable = this.#orBroken(async () => {
      const before = pagesIn(this.#state);
      const isNew = ([name]: readonly [string, string]): boolean => !before.has(name);
      await this.#makeDurable(dirty, full, new Map([...pages].filter(isNew)), folders, entry);
      const needed = pagesIn(this.#state);
      for (const name of before) if (!needed.has(name)) garbage.push(pagePath(name));
      for (const path of garbage) await this.#disk.remove(join(this.folder, path));
    });
    return { durable };
  }

  async #makeDurable(
    dirty: readonly OpenPart[],
    full: readonly OpenPart[],
    pages: ReadonlyMap<string, string>,
    folders: readonly string[],
    entry: JournalEntry,
  ): Promise<void> {
    // The syncs begin at once: who closes a file meanwhile waits for them.
    const syncs = dirty.map((part) => (part.syncing = part.handle.sync()));
    await Promise.all([...syncs, writePages(this.#disk, this.folder, pages)]);
    for (const part of full) await this.#closePart(part);
    for (const folder of folders) await this.#disk.syncFolder(folder);
    const line = Buffer.from(journalLine(entry));
    await this.#journal.write(line);
    await this.#journal.sync();
    this.#state = foldJournal(this.#state, entry);
    this.#grown += line.length;
    if (this.#grown >= journalSize) await this.#shorten(entry.at);
  }

  /** A run of ten hours makes 72,000 lines, which say the same parts and resources again and again. */
  async #shorten(at: string): Promise<void> {
    const path = join(this.folder, "journal.jsonl");
    await this.#disk.replaceFile(path, journalLine(wholeEntry(this.#state, at)));
    await this.#journal.close();
    this.#journal = await this.#disk.append(path);
    this.#grown = 0;
  }

  /** The text of a page that the journal names. Throws `PACKAGE_CORRUPT`. */
  async page(name: string): Promise<string> {
    const text = await readPage(this.#disk, this.folder, name);
    if (text === undefined) throw damagedDraft(this.folder, pagePath(name));
    return text;
  }

  /** Takes back all rows of a resource; the next checkpoint must say so in `dropped`. */
  async dropRows(resource: string): Promise<void> {
    for (const [key, file] of this.#files) {
      if (file.resource !== resource) continue;
      const part = this.#open.get(file);
      if (part !== undefined) {
        await part.handle.close();
        this.#open.delete(file);
      }
      this.#files.delete(key);
    }
    for (const part of this.#full) if (part.file.resource === resource) await this.#closePart(part);
    for (const [path, part] of this.#parts) {
      if (part.resource !== resource) continue;
      this.#parts.delete(path);
      this.#changedParts.delete(path);
      this.#dropped.add(path);
      this.bytes -= part.bytes;
    }
  }

  /** The row files that are to be loaded, as they stand, in the order in which they were begun. */
  parts(): Part[] {
    return [...this.#parts].filter(([path]) => isLoaded(path)).map(([path, part]) => ({ ...part, path }));
  }

  /** How many row files were closed because they were full, since the draft was begun or opened. */
  get filled(): number {
    return this.#filled;
  }

  /** Whether nothing more is written to a row file. */
  isFinished(path: string): boolean {
    const part = this.#parts.get(path);
    if (part === undefined) return false;
    const file = this.#files.get(fileKey(part.resource, part.table));
    return file === undefined || this.#open.get(file)?.path !== path;
  }

  /** Ends writing, everything on the disk. The folder is then ready to be sealed. */
  async close(): Promise<void> {
    await this.#orBroken(async () => {
      for (const part of [...this.#full, ...this.#open.values()]) await this.#closePart(part);
      await this.#journal.close();
      await removePages(this.#disk, this.folder);
    });
  }

  /** Closes the files without making anything durable: what the last checkpoint says stands. */
  async abandon(): Promise<void> {
    for (const part of [...this.#full, ...this.#open.values()]) await part.handle.close();
    this.#full.clear();
    this.#open.clear();
    await this.#journal.close();
  }
}

function fileKey(resource: string, table: string, kind: RowFileKind = "rows"): string {
  return `${resource}\u0000${table}\u0000${kind}`;
}

function progressOf(part: OpenPart): PartProgress {
  return {
    resource: part.file.resource,
    table: part.file.table,
    columns: part.columns,
    bytes: part.bytes,
    rows: part.rows,
    longestRow: part.longestRow,
  };
}
