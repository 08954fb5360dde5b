import type { DiscardCounts } from "./discard-count.ts";
import type { PartProgress } from "./journal.ts";

/**
 * What was read of a resource, and what its contract left out of it, by table. With commits along the way: of the whole
 * pull, up to the package.
 */
export interface ResourceCounts {
  readonly pages: number;
  readonly rows: number;
  readonly bytes: number;
  readonly discarded?: DiscardCounts;
}

/** A row file of a sealed package. */
export interface Part extends PartProgress {
  /** Below the package's folder. */
  readonly path: string;
}

/**
 * What a sealed package promises: everything that is needed to load it, without its source. The schema and the state
 * stand beside it, in `schema.json` and `state.json`.
 */
export interface Manifest {
  readonly format: 1;
  readonly loadId: string;
  readonly pipeline: string;
  readonly dataset: string;
  readonly destinationType: string;
  readonly schema: string;
  readonly sealedAt: string;
  /** In the order in which their rows came. */
  readonly parts: readonly Part[];
  /** Root tables that are replaced though no row came for them. */
  readonly emptied: readonly string[];
  /** Root tables that are replaced by way of a staging table. */
  readonly replacedFromStaging?: readonly string[];
  /** How the source was begun anew with this package. */
  readonly refresh?: "drop_sources" | "drop_resources" | "drop_data";
  /** Tables that are dropped before anything is loaded, and with them all versions of the schema, nested ones first. */
  readonly dropped?: readonly string[];
  /** Tables that are emptied before anything is loaded. */
  readonly truncated?: readonly string[];
  /** Whether `state.json` is to be written to `_dlt_pipeline_state`. */
  readonly writesState: boolean;
  /**
   * Where the state does not belong to this package's schema but to the pipeline's default one: the load that its row
   * counts as, in the same transaction. That schema stands in `state-schema.json`.
   */
  readonly stateLoad?: { readonly loadId: string; readonly schema: string };
  /** What the run began from: the commit checks that it is still the newest. */
  readonly base: {
    readonly stateVersion: number | undefined;
    readonly stateHash: string | undefined;
    readonly schemaHash: string | undefined;
  };
  readonly resources: Readonly<Record<string, ResourceCounts>>;
}
