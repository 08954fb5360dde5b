import { join } from "node:path";
import { compareLoadIds, isLoadId } from "../../load-package/load-ids.ts";
import { currentHolder } from "../lock.ts";
import { inspectDraft, type DraftView } from "./inspect-draft.ts";
import { inspectPackage, type PackagePlace, type PackageView } from "./inspect-package.ts";
import { namesIn } from "./look.ts";

/** What there is of a pipeline on this machine. */
export interface PipelineView {
  readonly folder: string;
  /** The process that runs it now. */
  readonly running?: { readonly pid: number; readonly host: string; readonly since: string };
  readonly draft?: DraftView;
  /** In the order in which they are loaded. */
  readonly pending: readonly PackageView[];
  /** Newest first. */
  readonly setAside: readonly PackageView[];
  /** Newest first, as many as were asked for. */
  readonly loaded: readonly PackageView[];
  /** How many there are. */
  readonly loadedCount: number;
}

export interface InspectOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** At most so many of the packages that were loaded are read. Default: all. */
  readonly newest?: number;
}

/**
 * Reads the folder of a pipeline, without its lock: a run may be at work in it, and nothing is changed.
 * Throws `WORKING_FOLDER` where the folder itself cannot be read.
 * @returns `undefined` where there is no such folder
 */
export async function inspectPipeline(
  folder: string,
  { now, newest = Infinity }: InspectOptions,
): Promise<PipelineView | undefined> {
  if ((await namesIn(folder)) === undefined) return undefined;
  // In the order in which a package goes from folder to folder: it may be seen twice, but is not missed.
  const running = await currentHolder(folder, now);
  const draft = await inspectDraft(join(folder, "draft"));
  const waiting = await inspectAll(folder, "packages");
  const setAside = await inspectAll(folder, "set-aside");
  const ids = await loadIdsIn(folder, "loaded");
  const loaded = await inspectSome(folder, "loaded", ids.slice(Math.max(0, ids.length - newest)));
  const moved = new Set([...setAside.map(({ loadId }) => loadId), ...ids]);
  return {
    folder,
    ...(running && { running: { pid: running.pid, host: running.host, since: running.since } }),
    ...(draft && { draft }),
    pending: waiting.filter(({ loadId }) => !moved.has(loadId)),
    setAside: setAside.toReversed(),
    loaded: loaded.toReversed(),
    loadedCount: ids.length,
  };
}

/** All load ids in the folder of a pipeline, oldest first, with where they are. */
export async function packagePlaces(folder: string): Promise<ReadonlyMap<string, PackagePlace>> {
  const places = new Map<string, PackagePlace>();
  for (const place of ["packages", "set-aside", "loaded"] as const) {
    for (const loadId of await loadIdsIn(folder, place)) places.set(loadId, place);
  }
  return new Map([...places].toSorted(([a], [b]) => compareLoadIds(a, b)));
}

async function inspectAll(folder: string, place: PackagePlace): Promise<readonly PackageView[]> {
  return inspectSome(folder, place, await loadIdsIn(folder, place));
}

async function inspectSome(
  folder: string,
  place: PackagePlace,
  ids: readonly string[],
): Promise<readonly PackageView[]> {
  const views: PackageView[] = [];
  for (const loadId of ids) {
    const view = await inspectPackage(folder, place, loadId);
    if (view !== undefined) views.push(view);
  }
  return views;
}

async function loadIdsIn(folder: string, place: PackagePlace): Promise<readonly string[]> {
  const names = (await namesIn(join(folder, place))) ?? [];
  return names.filter(isLoadId).toSorted(compareLoadIds);
}
