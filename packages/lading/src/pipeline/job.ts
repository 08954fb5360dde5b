import type { DestinationClient, EarlyLoad } from "../destination/destination.ts";
import type { Disk } from "../load-package/disk.ts";
import type { Manifest } from "../load-package/manifest.ts";
import type { PackageStore, SealedPackage } from "../load-package/package-store.ts";
import type { SourcePlace, Surroundings } from "./environment.ts";
import type { RunEvent, WithoutTime } from "./events.ts";
import type { RefreshMode } from "./refresh.ts";
import type { PipelineParts, RunOptions } from "./run-options.ts";

/** What the parts of one run have in common. */
export interface Job extends Surroundings {
  readonly parts: PipelineParts;
  readonly options: RunOptions;
  /** Of the options or the settings. */
  readonly refresh: RefreshMode | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly emit: (event: WithoutTime<RunEvent>) => void;
  readonly signal: AbortSignal;
  readonly disk: Disk;
  readonly store: PackageStore;
  /** Whether what is read is loaded too, in this run. */
  readonly loads: boolean;
  /** `dataset`: another one than the pipeline's, to which a package goes that waits. */
  readonly connect: (dataset?: string) => Promise<DestinationClient>;
  /** Throws where another run took the pipeline. */
  readonly verify: () => Promise<void>;
  /** Throws `DISK_LOW`. */
  readonly checkDisk: () => Promise<void>;
  /** What was read of a source where nothing of it is to be loaded, for the result. */
  readonly note: (schemaName: string, resources: Manifest["resources"]) => void;
  /** Loads a sealed package; `early`: what was begun before the seal. */
  readonly load: (client: DestinationClient, sealed: SealedPackage, early?: EarlyLoad) => Promise<void>;
}

/** A job for one of the sources that a run reads. */
export interface SourceJob extends Job, SourcePlace {
  /** Names of its resources that are wanted; `undefined`: all but those that are not `selected`. */
  readonly selected: readonly string[] | undefined;
  /** The schemas of all sources of the run, which the state names from the first load on. */
  readonly schemaNames: readonly string[];
}
