import { createDisk } from "../load-package/disk.ts";
import { openPackageStore } from "../load-package/package-store.ts";
import { abortPackages, planAbort, type AbortJob, type AbortPlan } from "./abort-packages.ts";
import { surroundings } from "./environment.ts";
import { lockPipeline } from "./lock.ts";
import { remainingSources } from "./remaining-sources.ts";
import type { AbortOptions, PipelineParts } from "./run-options.ts";

/** Gives up packages of a pipeline that wait, or only says which. Asks nothing of the destination. */
export async function abortPipeline(parts: PipelineParts, options: AbortOptions): Promise<AbortPlan | undefined> {
  const { folder } = await surroundings(parts, options);
  return abortIn({ name: parts.name, folder }, options);
}

/**
 * The same where only the pipeline's name and its folder on this machine are known.
 * @throws LadingError PACKAGE_NOT_FOUND, PIPELINE_LOCKED
 */
export async function abortIn(
  { name, folder }: { readonly name: string; readonly folder: string },
  { loadId, dryRun = false, onEvent, now = Date.now, disk = createDisk() }: AbortOptions,
): Promise<AbortPlan | undefined> {
  const job: AbortJob = {
    parts: { name },
    folder,
    disk,
    store: openPackageStore(folder, disk),
    emit: (event) => onEvent?.({ ...event, at: now() }),
  };
  if (dryRun) return planAbort(job, { from: loadId });
  const lock = await lockPipeline({ folder, disk, now, epoch: crypto.randomUUID() });
  try {
    // Whatever sources it was of, what is left of them is only forgotten.
    const remaining = await remainingSources(disk, folder, [], { resources: undefined, refresh: undefined });
    return await abortPackages(job, remaining, { from: loadId });
  } finally {
    await lock.release();
  }
}
