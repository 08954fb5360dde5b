import type { Exact } from "../util/exact.ts";
import type { Json } from "../util/json-value.ts";
import type { CellRows } from "./cell-rows.ts";
import type { ResourceHints } from "./hints.ts";

/**
 * Some rows, and what is needed to do without losses what is done with them: the digits that `JSON.parse` drops,
 * and where to go on after them.
 */
export interface Page<Row = unknown> {
  readonly rows: readonly Row[];
  /**
   * The same rows parsed exactly, at the same indexes; asked for only when a row is not what the plan expects.
   * Where it is missing the rows themselves are taken: a whole `number` is an integer, any other a float.
   */
  readonly exact?: () => readonly Exact[];
  /**
   * Where the resource goes on after this page: `undefined`, it cannot (it is run again from its start);
   * `null`, this was the last page. Plain JSON, without secrets.
   */
  readonly position?: Json;
  /** Rows that a step left out because their contract says so, and why. They are counted with this page. */
  readonly discarded?: readonly DiscardedRow[];
  /**
   * The same rows as bytes of a row file, at the same indexes. Where nothing has to be done with them they are taken as
   * they are, and `rows` is not looked at: it may be a getter. A step that gives other rows gives none of these.
   */
  readonly cells?: CellRows;
  /** What was found out of the table while it was read; the same with each page of the resource. */
  readonly declares?: FoundHints;
  /** Size of what was read for this page, in bytes, for progress and budgets. */
  readonly bytes?: number;
}

/** What a resource knows of its table only when it is read: it counts in the place of what the resource says itself. */
export interface FoundHints {
  readonly hints: ResourceHints;
  /** The field that is its cursor, where it has one. */
  readonly cursorPath?: string | undefined;
}

/** A row that is not what its schema says. */
export interface DiscardedRow {
  readonly row: unknown;
  readonly reason: string;
}

/** @returns whether what a resource yielded is a {@link Page} made by {@link page} (and not a row or a list of rows). */
export function isPage(value: unknown): value is Page {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[pageBrand] === true;
}

const pageBrand = Symbol.for("lading.page");

/** Marks an object as a page, so that a row which happens to have a key `rows` is never taken for one. Getters stay. */
export function page<Row>(content: Page<Row>): Page<Row> {
  return copy(content, { [pageBrand]: { value: true } }) as Page<Row>;
}

/** The same page with another position. */
export function placedPage(before: Page, position: Json): Page {
  return page(copy(before, { position: { value: position, enumerable: true } }) as Page);
}

/** The same page with what was found out of its table. */
export function declaringPage(before: Page, declares: FoundHints): Page {
  return page(copy(before, { declares: { value: declares, enumerable: true } }) as Page);
}

/** How many rows it has; they are not looked at. */
export function rowCount(of: Page): number {
  return of.cells === undefined ? of.rows.length : of.cells.starts.length;
}

function copy(content: object, changes: PropertyDescriptorMap): object {
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(content), ...changes });
}
