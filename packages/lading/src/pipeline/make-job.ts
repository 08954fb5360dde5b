import { openPackageStore } from "../load-package/package-store.ts";
import type { Surroundings } from "./environment.ts";
import { checkFreeDisk } from "./free-disk.ts";
import type { Job } from "./job.ts";

/** What a job is made of, beside what follows from it. */
export type JobParts = Pick<
  Job,
  "parts" | "options" | "refresh" | "now" | "emit" | "signal" | "disk" | "loads" | "verify" | "note" | "load"
> & {
  readonly around: Surroundings;
  /** Bytes. */
  readonly minFreeDisk: number;
};

/** The job of a run that holds the lock. */
export function makeJob({ around, minFreeDisk, ...given }: JobParts): Job {
  const { folder, where } = around;
  const { disk, options, parts } = given;
  return {
    ...around,
    ...given,
    store: openPackageStore(folder, disk, options.partBytes ?? parts.destination.capabilities.partBytes),
    connect: (dataset = where.dataset) => parts.destination.connect({ ...where, dataset }),
    checkDisk: () => checkFreeDisk(disk, folder, minFreeDisk),
  };
}
