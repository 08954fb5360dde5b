import { LadingError } from "../errors/index.ts";
import type { Disk } from "../load-package/disk.ts";

/**
 * Compares what is free where a folder lies with what must be. Where the system does not tell, nothing is compared.
 * A disk is best not filled to its last byte: there would be no room left for the package to be loaded.
 *
 * @param least bytes
 * @throws LadingError DISK_LOW
 */
export async function checkFreeDisk(disk: Disk, folder: string, least: number): Promise<void> {
  if (least === 0) return;
  const free = await disk.freeBytes(folder);
  if (free === undefined || free >= least) return;
  throw new LadingError("DISK_LOW", `Only ${mega(free)} are free on the disk of ${folder}; ${mega(least)} must be.`, {
    details: { folder, free, least },
  });
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB`;
}
