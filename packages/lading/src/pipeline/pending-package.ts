import { LadingError } from "../errors/index.ts";
import type { PackageFailure } from "../load-package/package-failure.ts";
import type { WaitingPackage } from "../load-package/package-store.ts";
import { tableSizes, type TableSize } from "./inspect/table-sizes.ts";
import type { Job } from "./job.ts";
import { failureOf } from "./note-failure.ts";

/** A sealed package that waits to be loaded. */
export interface PendingPackage {
  readonly loadId: string;
  /** Missing, with the two below, where the package cannot be read. */
  readonly schema?: string;
  /** Where it will be loaded, whatever the pipeline names now. */
  readonly dataset?: string;
  /** dlt's name of the kind of destination. */
  readonly destinationType?: string;
  /** What it brings, nested tables included. */
  readonly tables: readonly TableSize[];
  /** Why it could not be loaded so far. */
  readonly failure?: PackageFailure;
  /** What is wrong with it. */
  readonly damage?: string;
}

/** Reads what there is to say of a package that waits. */
export async function pendingPackage(job: Pick<Job, "disk">, waiting: WaitingPackage): Promise<PendingPackage> {
  const failure = await failureOf(job, waiting.folder);
  const common = { loadId: waiting.loadId, ...(failure === undefined ? {} : { failure }) };
  try {
    const { schema, dataset, destinationType, parts } = (await waiting.read()).manifest;
    return { ...common, schema, dataset, destinationType, tables: tableSizes(parts) };
  } catch (error) {
    if (!LadingError.is(error, "PACKAGE_CORRUPT")) throw error;
    return { ...common, tables: [], damage: error.message };
  }
}
