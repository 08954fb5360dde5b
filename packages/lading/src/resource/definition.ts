import type { Json } from "../util/json-value.ts";
import type { Items } from "./read-items.ts";
import type { FunctionContext } from "./context.ts";
import type { ResourceHints } from "./hints.ts";
import type { Incremental } from "./incremental.ts";
import type { LimitOptions } from "./limit.ts";
import type { PageStep } from "./page-step.ts";
import type { Resource, ResourceContext } from "./resource.ts";

/** A resource as data: what is read, and what is done with each page. Never changed, only copied with changes. */
export interface Definition {
  readonly name: string;
  readonly hints: ResourceHints;
  readonly selected: boolean;
  /** In the order in which they are done. */
  readonly steps: readonly PageStep[];
  /** After the steps. */
  readonly incremental?: Incremental;
  /** After all else. */
  readonly limit?: LimitOptions;
  readonly origin: Origin;
  /** What can be said of the origin as data, for the fingerprint. */
  readonly fingerprint?: Json;
}

/** What is found out of a resource when it is about to be read. */
export interface Found {
  /** What the definition says beside them wins, hint by hint, and of columns property by property. */
  readonly hints: ResourceHints;
  /** In the place of the definition's. */
  readonly incremental?: Incremental | undefined;
  read(context: FunctionContext): Items;
}

/** Where the rows come from. */
export type Origin =
  | { readonly type: "function"; readonly read: (context: FunctionContext) => unknown }
  /** What the table is like is known only when it is read: of a table in a database, for one. */
  | { readonly type: "found"; readonly find: (definition: Definition, context: ResourceContext) => Promise<Found> }
  | {
      readonly type: "parent";
      readonly parent: Resource;
      readonly each: (row: unknown, context: FunctionContext) => unknown;
      /** How many rows of the parent are worked on at a time. */
      readonly concurrency: number;
      /** Whether what is made of the rows comes in their order. Default: `true`. */
      readonly ordered?: boolean;
    };
