import type { ContractMode } from "../schema/contract.ts";
import type { DataType } from "../schema/data-type.ts";
import type { WriteDisposition } from "./write-disposition.ts";

export type { ContractMode };

/**
 * What becomes of rows that would change the schema (spec dlt-core 7): for new tables, new columns, and values of another
 * type than their column; one word stands for all three. `freeze` is an error, `discard_row` leaves out the row with all
 * that is nested in it, `discard_value` only the value. Default: `evolve`.
 */
export type SchemaContract =
  | ContractMode
  | { readonly tables?: ContractMode; readonly columns?: ContractMode; readonly dataType?: ContractMode };

/** What is declared of one column. Names are dlt's, in camelCase; `x-` hints are kept as they are. */
export interface ColumnHints {
  readonly name?: string;
  readonly dataType?: DataType;
  readonly nullable?: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly timezone?: boolean;
  readonly primaryKey?: boolean;
  readonly mergeKey?: boolean;
  readonly unique?: boolean;
  readonly sort?: boolean;
  readonly partition?: boolean;
  readonly cluster?: boolean;
  readonly description?: string;
  /** The column marks rows that are deleted: `true`, or anything but NULL where it is no boolean. One a table. */
  readonly hardDelete?: boolean;
  /** Of rows with one primary key in a load, the one with the least or greatest value stays. One a table. */
  readonly dedupSort?: "asc" | "desc";
  readonly [extension: `x-${string}`]: unknown;
}

/** What is declared of a resource's table. */
export interface ResourceHints<Key extends string = string> {
  /** Default: the resource's name. */
  readonly tableName?: string;
  /** Default: `append`. */
  readonly writeDisposition?: WriteDisposition;
  readonly primaryKey?: Key | readonly Key[];
  readonly mergeKey?: Key | readonly Key[];
  readonly columns?: Readonly<Record<string, ColumnHints>> | readonly ColumnHints[];
  /** Stays with the table until another one is given. Default: that of the source. */
  readonly schemaContract?: SchemaContract;
  /** How deep nested objects and lists become columns and tables; what lies deeper stays JSON. Default: 1000. */
  readonly maxTableNesting?: number;
}
