import { join } from "node:path";
import type { Disk } from "../load-package/disk.ts";
import { compareLoadIds } from "../load-package/load-ids.ts";
import type { Job } from "./job.ts";
import { isPulling } from "./pull.ts";
import type { RefreshMode } from "./refresh.ts";

const fileName = "remaining-sources.json";

/** What a run of several sources was begun for, and what of it is still to be done. */
interface Kept {
  /** Names of schemas, in order. */
  readonly all: readonly string[];
  /** The resources that were wanted; `null`: all. */
  readonly resources: readonly string[] | null;
  /** How they are begun anew. */
  readonly refresh: RefreshMode | null;
  readonly left: readonly string[];
  /** The newest load id that was known then. */
  readonly after?: string;
}

/**
 * The sources that a run has still to read. Each of several sources is committed by itself; where a run ends between two of
 * them, the next one goes on with those that are left, so that none is loaded twice. Kept in `remaining-sources.json` of
 * the pipeline's folder, which is written before a committed package is tidied up: what it names is still to be loaded, or
 * is the package that still lies there.
 */
export interface RemainingSources {
  /** What an earlier run of the same sources had left; `undefined` where there was none, or it was of others. */
  readonly known: readonly string[] | undefined;
  /** What an earlier run of other sources had left. */
  readonly stale: readonly string[] | undefined;
  /** Packages that wait and are newer than this are of the run that had these left. */
  readonly after: string | undefined;
  /** Begins with these; what was left before is forgotten. `after`: the newest load id that is known. */
  begin(left: readonly string[], after: string | undefined): Promise<void>;
  /** A source is read and loaded, by this run or by the one that the file is of. */
  done(schemaName: string): Promise<void>;
  forget(): Promise<void>;
}

/**
 * @param all the schemas of this run's sources; of a single one nothing is kept
 * @param how what is wanted of them: another run does not go on with it
 */
export async function remainingSources(
  disk: Disk,
  folder: string,
  all: readonly string[],
  how: { readonly resources: readonly string[] | undefined; readonly refresh: RefreshMode | undefined },
): Promise<RemainingSources> {
  const path = join(folder, fileName);
  const wanted = { resources: how.resources?.toSorted() ?? null, refresh: how.refresh ?? null };
  let kept = await read(disk, path);
  const fits = (one: Kept): boolean =>
    same(one.all, all) &&
    same({ resources: one.resources, refresh: one.refresh }, wanted) &&
    same(one.left, all.slice(-one.left.length));

  async function keep(next: Kept | undefined): Promise<void> {
    const isThere = kept !== undefined;
    kept = next;
    if (next !== undefined) await disk.replaceFile(path, `${JSON.stringify(next, null, 2)}\n`);
    else if (isThere) await disk.remove(path);
  }

  return {
    get known() {
      return kept !== undefined && fits(kept) ? kept.left : undefined;
    },
    get stale() {
      return kept !== undefined && !fits(kept) && kept.left.length < kept.all.length ? kept.left : undefined;
    },
    get after() {
      return kept?.after;
    },
    begin: (left, after) =>
      keep(all.length > 1 ? { all, ...wanted, left, ...(after !== undefined && { after }) } : undefined),
    async done(schemaName) {
      if (kept === undefined || !kept.left.includes(schemaName)) return;
      const left = kept.left.filter((name) => name !== schemaName);
      await keep(left.length === 0 ? undefined : { ...kept, left });
    },
    forget: () => keep(undefined),
  };
}

/**
 * Passes over the sources that `extract()` has sealed already, before it was broken off between two of them: what they had is
 * in packages that wait, and they are not read a second time.
 */
export async function passSealed(job: Job, remaining: RemainingSources): Promise<void> {
  const { known, after } = remaining;
  if (known === undefined) return;
  for (const waiting of await job.store.pending()) {
    if (after !== undefined && compareLoadIds(waiting.loadId, after) <= 0) continue;
    const sealed = await waiting.read();
    if (!isPulling(sealed)) await remaining.done(sealed.manifest.schema);
  }
}

async function read(disk: Disk, path: string): Promise<Kept | undefined> {
  const text = await disk.readText(path);
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text) as Kept;
    return Array.isArray(kept.all) && Array.isArray(kept.left) && kept.left.length > 0 ? kept : undefined;
  } catch {
    // It promises nothing: all sources are read again.
    return undefined;
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
