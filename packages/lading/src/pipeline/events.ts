import type { ErrorCode } from "../errors/index.ts";
import type { DiscardCounts } from "../load-package/discard-count.ts";

/**
 * Everything that happens in a run, as one stream: the progress view, `--json`, traces and dashboards listen to it
 * and to nothing else. `at` is in milliseconds since 1970; sizes are in bytes.
 */
export type RunEvent = { readonly at: number } & (
  | { readonly type: "run-started"; readonly pipeline: string; readonly destination: string; readonly dataset: string }
  | {
      readonly type: "resumed";
      /** `sources`: of several, those that an earlier run had not come to. */
      readonly what: "draft" | "package" | "pull" | "sources";
      readonly loadId?: string;
      readonly message: string;
    }
  /** A resource is called by its name; where several sources have one of that name, with the schema before it: `shop.orders`. */
  | { readonly type: "resource-started"; readonly resource: string; readonly table?: string }
  | {
      readonly type: "page";
      readonly resource: string;
      readonly rows: number;
      readonly bytes: number;
      readonly totalPages: number;
      readonly totalRows: number;
      readonly totalBytes: number;
    }
  | {
      readonly type: "resource-finished";
      readonly resource: string;
      readonly totalPages: number;
      readonly totalRows: number;
      readonly totalBytes: number;
    }
  | {
      /** A contract left something out of a page. The totals are those of the resource, by table. */
      readonly type: "discarded";
      readonly resource: string;
      readonly tables: DiscardCounts;
    }
  | { readonly type: "checkpoint"; readonly number: number; readonly bytes: number }
  | { readonly type: "sealed"; readonly loadId: string; readonly rows: number; readonly bytes: number }
  | { readonly type: "load-started"; readonly loadId: string; readonly files: number; readonly bytes: number }
  | {
      readonly type: "migrated";
      readonly loadId: string;
      readonly changes: readonly { readonly table: string; readonly added: readonly string[] }[];
    }
  | {
      readonly type: "copied";
      readonly loadId: string;
      readonly table: string;
      readonly rows: number;
      readonly bytes: number;
    }
  | { readonly type: "committed"; readonly loadId: string; readonly milliseconds: number }
  | { readonly type: "warning"; readonly message: string; readonly resource?: string }
  | { readonly type: "run-finished"; readonly milliseconds: number; readonly loadIds: readonly string[] }
  | {
      readonly type: "run-failed";
      readonly milliseconds: number;
      readonly code: ErrorCode | "UNKNOWN";
      readonly message: string;
      readonly hint?: string;
    }
);

/** An event before it was given its time. */
export type WithoutTime<Event> = Event extends unknown ? Omit<Event, "at"> : never;

export type EventListener = (event: RunEvent) => void;
