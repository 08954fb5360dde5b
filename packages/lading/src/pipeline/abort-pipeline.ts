import { createDisk } from "../load-package/disk.ts";
import { openPackageStore } from "../load-package/package-store.ts";
import { abortPackages, planAbort, type AbortJob, type AbortPlan } from "./abort-packages.ts";
import { surroundings } from "./environment.ts";
import { lockPipeline } from "./lock.ts";
import { remainingSources } from "./remaining-sources.ts";
import type { AbortOptions, PipelineParts } from "./run-options.ts";

/** Gives up packages of a pipeline that wait, or only says which. Asks nothing of the destination. */
export async function abortPipeline(
  parts: PipelineParts,
  { loadId, dryRun = false, onEvent, ...options }: AbortOptions,
): Promise<AbortPlan | undefined> {
  const { now = Date.now, disk = createDisk() } = options;
  const { folder, sources } = await surroundings(parts, options);
  const job: AbortJob = {
    parts,
    folder,
    disk,
    store: openPackageStore(folder, disk),
    emit: (event) => onEvent?.({ ...event, at: now() }),
  };
  if (dryRun) return planAbort(job, { from: loadId });
  const lock = await lockPipeline({ folder, disk, now, epoch: crypto.randomUUID() });
  try {
    const names = sources.map(({ schemaName }) => schemaName);
    const remaining = await remainingSources(disk, folder, names, { resources: undefined, refresh: undefined });
    return await abortPackages(job, remaining, { from: loadId });
  } finally {
    await lock.release();
  }
}
