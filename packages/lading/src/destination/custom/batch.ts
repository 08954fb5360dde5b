import type { Config } from "../../config/config.ts";
import type { DataType } from "../../schema/data-type.ts";

/** A column of the rows in a batch. */
export interface BatchColumn {
  readonly name: string;
  readonly dataType: DataType;
  readonly nullable: boolean;
}

/** The table that the rows of a batch belong to. */
export interface BatchTable {
  readonly name: string;
  /** The table that it is nested in; `undefined` for a resource's own. */
  readonly parent: string | undefined;
  /** What the resource asks for. What it means at the other end is for the function to decide. */
  readonly writeDisposition: "append" | "replace" | "merge";
  /** The columns of its primary key; empty where it has none. */
  readonly primaryKey: readonly string[];
  /** Every row has all of them. */
  readonly columns: readonly BatchColumn[];
}

/**
 * Rows of one table, on their way to a destination of one's own.
 *
 * Values are as a dataset gives them: numbers, `bigint` for integers beyond 2^53, `Date` for timestamps, `Uint8Array`
 * for bytes, what was parsed for JSON, texts for decimals (every digit), dates and times, and `null`.
 */
export interface Batch<Row extends object = Readonly<Record<string, unknown>>> {
  readonly table: BatchTable;
  readonly rows: readonly Row[];
  /** The load that the rows are part of. */
  readonly loadId: string;
  /** The batch's number in its load, from 1. With `loadId` it lets a receiver know a batch that comes again. */
  readonly batch: number;
  /** Settings and secrets of the destination, looked up in `destination.<name>`: `config.secret("token")`. */
  readonly config: Config;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
}

/** Tables that are to be taken away, or to be emptied, before the rows of a load come (refresh, drop). */
export interface TableRemoval {
  /** Nested ones first. */
  readonly tables: readonly string[];
  readonly how: "drop" | "empty";
  readonly loadId: string;
  /** As that of a {@link Batch}. */
  readonly config: Config;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
}

/** Takes tables away. As with a batch, it is asked again with the next run where it throws, or the process ends meanwhile. */
export type RemoveTables = (removal: TableRemoval) => void | Promise<void>;

/** Takes a batch. When it returns, the batch is acknowledged; when it throws, the batch is sent again with the next run. */
export type WriteBatch<Row extends object = Readonly<Record<string, unknown>>> = (
  batch: Batch<Row>,
) => void | Promise<void>;
