import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Disk } from "../load-package/disk.ts";

/**
 * What a pipeline object has of its own where it is in dev mode: a suffix for its dataset, and a folder that begins empty
 * (spec dlt-core 5.7). All runs of one object go on from one another; another object starts from scratch.
 */
export interface DevInstance {
  /** `_20260131235959`, in UTC. It is drawn when it is first asked for. `now`: milliseconds since 1970. */
  suffix(now: number): string;
  /** Empties the folder before the first run. What stands in it is of an earlier instance, whose dataset is left alone. */
  begin(disk: Disk, folder: string): Promise<void>;
}

export function devInstance(): DevInstance {
  let suffix: string | undefined;
  let hasBegun = false;
  return {
    // Unlike dlt's, the hours are those of the day: what is made at night does not meet what was made at noon.
    suffix: (now) => (suffix ??= `_${new Date(now).toISOString().slice(0, 19).replaceAll(/\D/g, "")}`),
    async begin(disk, folder) {
      if (hasBegun) return;
      // The lock is this run's.
      const names = (await readdir(folder)).filter((name) => name !== "lock");
      for (const name of names) await disk.remove(join(folder, name));
      hasBegun = true;
    },
  };
}
