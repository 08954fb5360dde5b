import type { Config } from "../config/config.ts";
import type { Json } from "../util/json-value.ts";
import type { ResourceHints } from "./hints.ts";
import type { Page } from "./page.ts";
import type { StateValue } from "./state-value.ts";

/** What a resource is given each time that it is read. */
export interface ResourceContext {
  /** Stops everything. A resource that waits must wait on it. */
  readonly signal: AbortSignal;
  /**
   * This resource's own state; what is put in is kept with the load and is there in the next run. It is right for a
   * page from the moment that the page is handed out until the next one is asked for: whoever keeps it copies it then.
   */
  readonly state: Record<string, StateValue>;
  /**
   * The state that the resources of the source share, kept like `state`: each sees at once what another puts in. Assign
   * whole values: `sourceState["token"] = …`. After a crash a resource that begins anew has taken back what it had put in.
   */
  readonly sourceState: Record<string, StateValue>;
  /** What `state` was when the draft was begun that this run fills, if that may be another: before a crash, or a page of a parent. */
  readonly stateBefore?: Readonly<Record<string, StateValue>>;
  /** The `position` of the last page that was kept, where a run goes on after a crash; else `undefined`. */
  readonly position: Json | undefined;
  /** Settings, looked up in `sources.<source name>`. */
  readonly config: Config;
  /** Says something to the user that is no error. */
  readonly warn: (message: string) => void;
}

/** What a resource may yield: a row, some rows, or a page. */
export type Yielded<Row> = Row | readonly Row[] | Page<Row>;

/**
 * A stream of rows that becomes a table.
 *
 * `pages` is called once in a run, by the extractor; a resource with a `parent` gets each page of the parent's rows
 * instead, through `pagesOf`, and is never read by itself.
 */
export interface Resource<Name extends string = string, Row = unknown> {
  readonly name: Name;
  readonly hints: ResourceHints;
  /** What a draft's fingerprint is made of: the configuration as data, without secrets. */
  readonly fingerprint?: Json;
  /** `false`: it is read for its children only, and not loaded. Default: `true`. */
  readonly selected?: boolean;
  /** A parent that is not among the resources of the source is read for its children only. */
  readonly parent?: Resource;
  /** The field that is its cursor, where it is read incrementally by one: the column gets the hint `incremental` (spec dlt-core 6.7). */
  readonly cursorPath?: string;
  pages(context: ResourceContext): AsyncIterable<Yielded<Row>>;
  /**
   * Only with `parent`: the rows that belong to one page of the parent's rows. A `position` of its pages, and of its
   * context, is one within these rows; pages without one are read again from the first of the rows after a crash. The
   * rows are not its own: siblings are given the same ones, and after a crash they are equal ones from the disk.
   */
  pagesOf?(parentRows: readonly unknown[], context: ResourceContext): AsyncIterable<Yielded<Row>>;
  /**
   * Is told of a page of its own that was kept through a crash, before its rows are given to its children: for what it
   * knows of rows by their identity. With it, the `exact` rows are kept too.
   */
  onRestored?(page: Page): void;
}
