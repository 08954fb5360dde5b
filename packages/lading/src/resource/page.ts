import type { Exact } from "../util/exact.ts";
import type { Json } from "../util/json-value.ts";

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
  /** Size of what was read for this page, in bytes, for progress and budgets. */
  readonly bytes?: number;
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

/** Marks an object as a page, so that a row which happens to have a key `rows` is never taken for one. */
export function page<Row>(content: Page<Row>): Page<Row> {
  return Object.defineProperty({ ...content }, pageBrand, { value: true });
}
