import type { ResourceCounts } from "../load-package/manifest.ts";
import type { PendingPackage } from "./pending-package.ts";

/** What a run did, for one table. */
export interface TableResult {
  /** Rows in the package. */
  readonly rows: number;
  /** Bytes in the package. */
  readonly bytes: number;
  /** Rows in the table that the load took away before it put in its own (merge, replace). */
  readonly removed: number;
  /** Rows in the table after the load; 0 where the destination cannot tell. */
  readonly total: number;
}

/** One load package that was committed. */
export interface LoadResult {
  readonly loadId: string;
  readonly schema: string;
  readonly schemaVersionHash: string;
  /** By table, nested ones included, dlt's own not. */
  readonly tables: Readonly<Record<string, TableResult>>;
  /** Tables that were dropped before the rows came, and with them their schema's history. */
  readonly dropped: readonly string[];
  /** Tables that were emptied before the rows came. */
  readonly truncated: readonly string[];
  /** Tables and columns that were made. */
  readonly changes: readonly { readonly table: string; readonly added: readonly string[] }[];
}

/** What `pipeline.run()`, `extract()` and `load()` give back. `String(result)` is the summary for people. */
export interface RunResult {
  readonly pipeline: string;
  readonly destination: string;
  /** Where the data is: a path or an address without secrets. */
  readonly location: string;
  readonly dataset: string;
  readonly startedAt: Date;
  readonly milliseconds: number;
  /** `"new"`: data was extracted; `"unfinished"`: only what an earlier run had left was finished. Of `load()`: `"new"`. */
  readonly kind: "new" | "unfinished" | "nothing";
  readonly loads: readonly LoadResult[];
  /** What waits to be loaded: packages that `extract()` has made. None after a `run()`. */
  readonly pending: readonly PendingPackage[];
  /** By resource. */
  readonly resources: Readonly<Record<string, ResourceCounts>>;
  readonly warnings: readonly string[];
  toString(): string;
}
