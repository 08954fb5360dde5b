import type { Config } from "../config/config.ts";
import type { Vault } from "../config/vault.ts";
import type { Destination } from "../destination/destination.ts";
import type { Disk } from "../load-package/disk.ts";
import type { SchemaContract } from "../resource/hints.ts";
import type { Source } from "../resource/source.ts";
import type { CommitEvery } from "./commit-every.ts";
import type { EventListener } from "./events.ts";

/** What a pipeline consists of, settled. */
export interface PipelineParts {
  readonly name: string;
  /** In the order in which they are read and loaded. */
  readonly sources: readonly Source[];
  readonly destination: Destination;
  readonly dataset: string | undefined;
  readonly workingFolder: string | undefined;
  readonly schemaContract: SchemaContract | undefined;
  readonly vaults: readonly Vault[];
}

/** How one run is to be done. */
export interface RunOptions {
  /** Stops the run at its next checkpoint; what was read is kept, and the next run goes on from there. */
  readonly signal?: AbortSignal;
  readonly onEvent?: EventListener;
  /**
   * Drops unfinished extraction of an earlier run, and begins anew. A sealed package is still loaded first; one that the
   * destination refuses for good (`CONFLICT`, say) is set aside with a warning.
   */
  readonly fresh?: boolean;
  /** For this run, in the place of the contracts of source and resources; it stays with the tables. Default: the pipeline's. */
  readonly schemaContract?: SchemaContract;
  /** Only these resources, by name; of several sources each that has one of that name. */
  readonly resources?: readonly string[];
  /**
   * Commits a long pull along the way: after so many pages, rows or seconds, whatever comes first, as soon as every
   * resource is where it could go on. A machine without a working folder then goes on from the last commit. For resources
   * that append or merge; until a resource is finished its cursor's last value stays as it was. Default: one commit at the end.
   */
  readonly commitEvery?: CommitEvery;
  /** Settings. Default: the environment, `.env` and `.dlt/` of the project, and the pipeline's vaults. */
  readonly config?: Config;
  /**
   * The profile of a workspace, a project with a file `.dlt/.workspace`: its own settings, working folder and place for data.
   * Default: `WORKSPACE__PROFILE`, else what is pinned in `.dlt/profile-name`, else `dev`.
   */
  readonly profile?: string;
  /** Committed loads of which schema, journal and trace are kept. Default: the setting `runtime.keep`, else 20. */
  readonly keep?: number;
  /**
   * Keeps what contracts leave out in files of the package, as lines of JSON (`discarded/`), as long as `keep` keeps the
   * load. They hold the rows' data. Default: the setting `runtime.keep_discarded`, else `false`.
   */
  readonly keepDiscarded?: boolean;
  /** Bytes at which a row file of the package is closed, and the next one begun. Default: 8 MB. */
  readonly partBytes?: number;
  /**
   * Bytes that must be free where the working folder is: with less nothing is read, or the run stops at its next
   * checkpoint with `DISK_LOW`. Default: the setting `runtime.min_free_disk`, else 100 MB.
   */
  readonly minFreeDisk?: number;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
  /** The disk; for tests of crashes. */
  readonly disk?: Disk;
}
