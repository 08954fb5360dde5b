import type { DestinationClient } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import type { Manifest } from "../load-package/manifest.ts";
import type { WaitingPackage } from "../load-package/package-store.ts";
import { abortPackages } from "./abort-packages.ts";
import type { Job } from "./job.ts";
import { failureOf, failureText } from "./note-failure.ts";
import { isPulling } from "./pull.ts";
import type { RemainingSources } from "./remaining-sources.ts";
import { maySetAside } from "./set-aside.ts";

/** What came of the packages that waited. */
export interface PendingLoaded {
  /** Whether any was loaded. */
  readonly any: boolean;
  /** Whether the last one is a part of a pull that goes on. */
  readonly isPulling: boolean;
}

/**
 * Loads what earlier runs sealed, oldest first, each where its manifest says. One that fails stops those after it, which
 * go on from its state. With `fresh`, one that fails for good is set aside with all that come after it.
 */
export async function loadPending(job: Job, remaining: RemainingSources, only: boolean): Promise<PendingLoaded> {
  const connections = new Map<string, Promise<DestinationClient>>();
  const connect = (dataset: string): Promise<DestinationClient> => {
    const open = connections.get(dataset) ?? job.connect(dataset);
    connections.set(dataset, open);
    return open;
  };
  let done: PendingLoaded = { any: false, isPulling: false };
  try {
    for (const waiting of await job.store.pending()) {
      try {
        await announce(job, waiting, only);
        const sealed = await waiting.read();
        checkDestination(job, sealed.manifest);
        await job.load(await connect(sealed.manifest.dataset), sealed);
        done = { any: true, isPulling: isPulling(sealed) };
      } catch (error) {
        if (job.options.fresh !== true || !maySetAside(error)) throw error;
        await abortPackages(job, remaining, { from: waiting.loadId, why: error });
        break;
      }
    }
  } finally {
    for (const open of connections.values()) await (await open.catch(() => undefined))?.close();
  }
  return done;
}

async function announce(job: Job, { loadId, folder }: WaitingPackage, only: boolean): Promise<void> {
  const failure = await failureOf(job, folder);
  const before = failure === undefined ? "" : ` ${failureText(failure)}`;
  const message = only
    ? `The package ${loadId} is loaded.${before}`
    : `The package ${loadId} of an earlier run is loaded first; nothing new is read in this run.${before}`;
  job.emit({ type: "resumed", what: "package", loadId, message });
}

/** The dataset may be another one by now; the rows of one kind of destination are not those of another. */
function checkDestination({ parts: { name, destination } }: Job, { loadId, destinationType, dataset }: Manifest): void {
  if (destinationType === destination.dltType) return;
  throw new LadingError(
    "PACKAGE_ELSEWHERE",
    `The package ${loadId} of "${name}" goes to ${destinationType}, dataset ${dataset}; the pipeline loads into ${destination.dltType} now.`,
    { details: { loadId, destinationType, dataset, now: destination.dltType } },
  );
}
