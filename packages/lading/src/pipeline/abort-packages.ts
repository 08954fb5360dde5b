import { join } from "node:path";
import { LadingError } from "../errors/index.ts";
import type { WaitingPackage } from "../load-package/package-store.ts";
import { traceFile } from "../load-package/trace.ts";
import { lengthOf } from "./inspect/look.ts";
import type { Job } from "./job.ts";
import { pendingPackage, type PendingPackage } from "./pending-package.ts";
import type { RemainingSources } from "./remaining-sources.ts";
import type { PipelineParts } from "./run-options.ts";
import { setAside, setAsideFolder } from "./set-aside.ts";

/** What giving packages up does, or would do. Only data. */
export interface AbortPlan {
  /** Those that are given up, oldest first; `setAside`: the folder where each is put. Nothing of them is deleted. */
  readonly packages: readonly (PendingPackage & { readonly setAside: string })[];
  /** Load ids of older ones, which go on waiting. */
  readonly kept: readonly string[];
  /** Whether a draft is dropped that goes on from one of them. */
  readonly dropsDraft: boolean;
  /** The package from whose state and schema the pipeline goes on; missing: from what the destination has. */
  readonly goesOnFrom?: string;
}

/** What is needed to give packages up. */
export interface AbortJob extends Pick<Job, "folder" | "disk" | "store" | "emit"> {
  readonly parts: Pick<PipelineParts, "name">;
}

/** What is given up: a package and all that are newer. */
export interface AbortRequest {
  /** Default: the oldest. */
  readonly from?: string | undefined;
  /** What is kept as the reason. Default: that it was asked for. */
  readonly why?: { readonly code: string; readonly message: string };
}

/**
 * Says what giving packages up would do. Those that were committed and not yet tidied up are none of them.
 * @returns `undefined` where nothing waits
 * @throws LadingError PACKAGE_NOT_FOUND
 */
export async function planAbort(job: AbortJob, { from }: AbortRequest = {}): Promise<AbortPlan | undefined> {
  const waiting: WaitingPackage[] = [];
  for (const one of await job.store.pending()) {
    if ((await lengthOf(join(one.folder, traceFile))) === undefined) waiting.push(one);
  }
  const ids = waiting.map(({ loadId }) => loadId);
  const first = from === undefined ? 0 : ids.indexOf(from);
  if (first < 0) {
    throw new LadingError("PACKAGE_NOT_FOUND", `No package ${from} of "${job.parts.name}" waits to be loaded.`, {
      hint: ids.length === 0 ? "None waits." : `Those that wait: ${ids.join(", ")}.`,
    });
  }
  if (ids.length === 0) return undefined;
  const given = waiting.slice(first).map(async (one) => ({
    ...(await pendingPackage(job, one)),
    setAside: setAsideFolder(job.folder, one.loadId),
  }));
  const kept = ids.slice(0, first);
  const after = await draftAfter(job);
  return {
    packages: await Promise.all(given),
    kept,
    dropsDraft: after !== undefined && ids.slice(first).includes(after),
    ...(kept.length > 0 && { goesOnFrom: kept.at(-1)! }),
  };
}

/** Gives packages up, as planned. Newest first: where it is broken off, those that are left go on from one another. */
export async function abortPackages(
  job: AbortJob,
  remaining: RemainingSources,
  request: AbortRequest = {},
): Promise<AbortPlan | undefined> {
  const plan = await planAbort(job, request);
  if (plan === undefined) return undefined;
  const { why = { code: "ABORTED", message: "it was given up, as asked for" } } = request;
  if (plan.dropsDraft) await job.store.dropDraft();
  // What a run of several sources has loaded already does not count any more: all of them are read again.
  await remaining.forget();
  const ids = new Set(plan.packages.map(({ loadId }) => loadId));
  const waiting = (await job.store.pending()).filter(({ loadId }) => ids.has(loadId));
  for (const one of waiting.toReversed()) {
    job.emit({ type: "warning", message: await setAside(job.disk, job.folder, one, why) });
  }
  return plan;
}

/** The package that the draft goes on from. A draft that cannot be read is dropped by the next run anyway. */
async function draftAfter(job: AbortJob): Promise<string | undefined> {
  try {
    return (await job.store.draftHeader())?.after;
  } catch (error) {
    if (!LadingError.is(error, "PACKAGE_CORRUPT")) throw error;
    return undefined;
  }
}
