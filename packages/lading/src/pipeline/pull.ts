import type { ResourceProgress } from "../load-package/journal.ts";
import type { SealedPackage } from "../load-package/package-store.ts";
import {
  resetResourceState,
  resourceNames,
  resourceState,
  setResourceState,
  stateFromText,
  type PipelineState,
} from "../state/pipeline-state.ts";
import type { ExactObject } from "../util/exact.ts";
import { digest128 } from "../util/hash.ts";
import { stringify } from "../util/json-text.ts";
import { fromPlain, toPlain } from "../util/json.ts";

/** The key in a resource's state under which a pull that is committed along the way keeps how far it has come. */
const pullKey = "_lading";

/** What stands there. */
interface Kept extends ResourceProgress {
  /** Of the source's configuration: another source does not go on with it. */
  readonly fingerprint: string;
  /** Of the state beside it: if someone else has run the pipeline since, the state has moved, and this does not count. */
  readonly beside: string;
}

/**
 * Puts how far a resource has come into a state that is committed while the pull goes on. What the resource itself
 * remembers stays as it was before the pull until it is finished, so that whoever runs without this key loses nothing.
 */
export function keepPull(
  state: PipelineState,
  source: string,
  resource: string,
  { own, progress, fingerprint }: { own: ExactObject; progress: ResourceProgress; fingerprint: string },
): void {
  const kept: Kept = { ...progress, fingerprint, beside: digestOf(own) };
  const value: ExactObject = new Map(own);
  value.set(pullKey, fromPlain(kept));
  setResourceState(state, source, resource, value);
}

/**
 * Takes a pull out of a state.
 * @param resources those that are read now; of others it stays
 * @returns how far each had come; `isStale`: some of it does not fit any more, and none of it counts
 */
export function takePull(
  state: PipelineState,
  source: string,
  resources: readonly string[],
  fingerprint: string,
): { readonly progress: ReadonlyMap<string, ResourceProgress>; readonly isStale: boolean } {
  const progress = new Map<string, ResourceProgress>();
  let isStale = false;
  for (const name of resources) {
    const own = resourceState(state, source, name);
    const value = own?.get(pullKey);
    if (own === undefined || value === undefined) continue;
    own.delete(pullKey);
    if (own.size === 0) resetResourceState(state, source, name);
    const kept = toPlain(value) as Kept;
    if (kept.fingerprint !== fingerprint || kept.beside !== digestOf(own)) isStale = true;
    else progress.set(name, kept);
  }
  return isStale ? { progress: new Map(), isStale } : { progress, isStale };
}

/** Whether a package is a part of a pull that goes on. */
export function isPulling({ state, manifest }: SealedPackage): boolean {
  return hasPull(stateFromText(state), manifest.schema);
}

/** Whether a pull is unfinished. */
function hasPull(state: PipelineState, source: string): boolean {
  return resourceNames(state, source).some((name) => resourceState(state, source, name)?.has(pullKey) === true);
}

function digestOf(own: ExactObject): string {
  return digest128(stringify(own, { sortKeys: true }));
}
