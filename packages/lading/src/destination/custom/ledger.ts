import { join } from "node:path";
import { LadingError } from "../../errors/index.ts";
import type { Disk } from "../../load-package/disk.ts";
import type { StoredSchema, StoredState } from "../destination.ts";

/** How far a load has come. */
export interface LoadProgress {
  readonly loadId: string;
  /** Rows in a batch. */
  readonly batchSize: number;
  /** The number of the last batch that was acknowledged, or passed over. */
  readonly batch: number;
  /** The tables that go before the rows are gone. */
  readonly removed?: true;
  /** Rows that were acknowledged, in the order in which they are sent. */
  readonly rows: number;
}

/** What was committed: all that a database would have in dlt's own tables. */
export interface Committed {
  readonly format: 1;
  readonly state: StoredState | null;
  /** The newest version of each schema, by its name. */
  readonly schemas: Readonly<Record<string, StoredSchema>>;
  /** Load ids, the newest last. */
  readonly loads: readonly string[];
}

/**
 * What a destination that has no tables remembers, in a folder on this machine:
 *
 * ```
 * committed.json    state, schemas and finished loads
 * progress.json     the load at hand: which batches were acknowledged
 * ```
 *
 * Both are replaced whole, so that a crash leaves one version or the other.
 */
export interface Ledger {
  committed(): Promise<Committed>;
  commit(next: Committed): Promise<void>;
  /** How far a load has come; `undefined` before its first batch. */
  progress(loadId: string): Promise<LoadProgress | undefined>;
  /** Durable when it returns. */
  keep(progress: LoadProgress): Promise<void>;
}

/** Throws `DESTINATION_CORRUPT` where a file in the folder cannot be read, `DISK_FULL` and `WORKING_FOLDER`. */
export function openLedger(folder: string, disk: Disk): Ledger {
  const committedPath = join(folder, "committed.json");
  const progressPath = join(folder, "progress.json");

  async function read(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const text = await disk.readText(path);
    if (text === undefined) return undefined;
    const value = parsed(text);
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
    throw new LadingError("DESTINATION_CORRUPT", `${path} is damaged.`, {
      hint: "Restore the file from a copy. Without it, the source is read from its start, and its rows are sent again.",
      details: { path },
    });
  }

  async function write(path: string, value: unknown): Promise<void> {
    await disk.makeFolder(folder);
    await disk.replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
  }

  return {
    async committed() {
      const found = (await read(committedPath)) as Committed | undefined;
      return found ?? { format: 1, state: null, schemas: {}, loads: [] };
    },
    commit: (next) => write(committedPath, next),
    async progress(loadId) {
      const found = (await read(progressPath)) as LoadProgress | undefined;
      return found?.loadId === loadId ? found : undefined;
    },
    keep: (progress) => write(progressPath, progress),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
