import type { Config } from "../config/config.ts";
import type { Vault } from "../config/vault.ts";
import type { Destination } from "../destination/destination.ts";
import type { Disk } from "../load-package/disk.ts";
import type { SchemaContract } from "../resource/hints.ts";
import type { Source } from "../resource/source.ts";
import type { OwnConvention } from "../schema/naming/index.ts";
import type { CommitEvery } from "./commit-every.ts";
import type { DevInstance } from "./dev-instance.ts";
import type { EventListener } from "./events.ts";
import type { RefreshMode } from "./refresh.ts";

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
  readonly naming: string | OwnConvention | undefined;
  readonly devMode: boolean | undefined;
  readonly instance: DevInstance;
  readonly importSchemaPath: string | undefined;
  readonly exportSchemaPath: string | undefined;
}

/** How `pipeline.load()` is to be done. */
export type LoadOptions = Pick<
  RunOptions,
  "signal" | "onEvent" | "fresh" | "onTerminalError" | "config" | "profile" | "keep" | "now" | "disk"
>;

/** How `pipeline.extract()` is to be done. */
export type ExtractOptions = Omit<RunOptions, "onTerminalError" | "keep">;

/** What `pipeline.abortPackages()` gives up. */
export interface AbortOptions extends Pick<RunOptions, "signal" | "onEvent" | "config" | "profile" | "now" | "disk"> {
  /** This package and all that are newer. Default: all that wait. */
  readonly loadId?: string;
  /** Only says what would be done. */
  readonly dryRun?: boolean;
}

/** How one run is to be done. */
export interface RunOptions {
  /** Stops the run at its next checkpoint; what was read is kept, and the next run goes on from there. */
  readonly signal?: AbortSignal;
  readonly onEvent?: EventListener;
  /**
   * Drops unfinished extraction of an earlier run, and begins anew. A sealed package is still loaded first; one that the
   * destination refuses for good (`CONFLICT`, say) or that is damaged is set aside with a warning, and with it what goes on
   * from it.
   */
  readonly fresh?: boolean;
  /**
   * What becomes of a package that the destination refuses for good. `"keep"`: it waits, and each later run tries it first.
   * `"abort"`: it is set aside, and with it what goes on from it; state and schemas are those before it, and the run fails
   * with the cause. Default: the setting `load.auto_abort_on_terminal_error`, else `"keep"`.
   */
  readonly onTerminalError?: "keep" | "abort";
  /** For this run, in the place of the contracts of source and resources; it stays with the tables. Default: the pipeline's. */
  readonly schemaContract?: SchemaContract;
  /**
   * Begins sources anew, in the transaction of their load: drops the tables of the whole source, or of the resources that
   * are loaded, or only empties these, and forgets what they remember. Where unfinished work of an earlier run is finished
   * first, it is not done. Default: the setting `refresh`, else nothing.
   */
  readonly refresh?: RefreshMode;
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
