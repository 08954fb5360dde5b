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

/** That columns of a table hold keys of another one. It is stored for those who read the schema, and not enforced. */
export interface ReferenceHints {
  readonly columns: readonly string[];
  readonly referencedTable: string;
  /** As many as `columns`, in the same order. */
  readonly referencedColumns: readonly string[];
  readonly label?: string;
  readonly cardinality?: Cardinality;
}

/** How many rows of one table belong to how many of the other (spec dlt-core 4.10). */
export type Cardinality = (typeof cardinalities)[number];

export const cardinalities = [
  "zero_to_one",
  "one_to_zero",
  "zero_to_many",
  "many_to_zero",
  "one_to_many",
  "many_to_one",
  "one_to_one",
  "many_to_many",
] as const;

/**
 * What is declared of a nested table. With a primary or merge key it is no longer part of its parent: a table of the same
 * resource with a write disposition of its own (default: `append`), without the columns that lead to the parent.
 */
export interface NestedHints {
  readonly columns?: Readonly<Record<string, ColumnHints>> | readonly ColumnHints[];
  readonly primaryKey?: string | readonly string[];
  readonly mergeKey?: string | readonly string[];
  readonly writeDisposition?: WriteDisposition;
  readonly references?: readonly ReferenceHints[];
}

/**
 * A table's name, or a function of the row that gives it, so that one resource fills many tables. Each of them is declared
 * with the resource's hints when its first row comes. The row is as it is loaded, after `map` and the like.
 */
export type TableName<Table extends string = string, Row = unknown> = Table | NamesTable<Table, Row>["of"];

/** A method: a function of some rows is one of a resource whose rows are not known, too. */
interface NamesTable<Table extends string, Row> {
  of(row: Row): Table;
}

/** What is declared of a resource's table, or of each of its tables. */
export interface ResourceHints<Key extends string = string> {
  /** Default: the resource's name. A function chooses for each row: see {@link TableName}. */
  readonly tableName?: TableName;
  /** Default: `append`. */
  readonly writeDisposition?: WriteDisposition;
  readonly primaryKey?: Key | readonly Key[];
  readonly mergeKey?: Key | readonly Key[];
  readonly columns?: Readonly<Record<string, ColumnHints>> | readonly ColumnHints[];
  /** Stays with the table until another one is given. Default: that of the source. */
  readonly schemaContract?: SchemaContract;
  /** How deep nested objects and lists become columns and tables; what lies deeper stays JSON. Default: 1000. */
  readonly maxTableNesting?: number;
  /**
   * Of the tables of nested lists, by the path to the list: `items`, `items.taxes`. Where a table is declared, those
   * between it and the root must be too, if only as `{}`.
   */
  readonly nestedHints?: Readonly<Record<string, NestedHints>>;
  /** One for each table that is referred to. */
  readonly references?: readonly ReferenceHints[];
}
