import type { TableRef } from "../dialect.ts";

/** Where the tables of a merge are, by name. */
export interface MergeTables {
  target(table: string): TableRef;
  /** A table with the columns of the target, and `rootRowColumn` where the strategy marks root rows. */
  staging(table: string): TableRef;
  /** The column of a staging table that grows in the order in which rows came. */
  readonly arrival: string;
  /** A name for a temporary table that no other has. Whoever gives it drops the table in the end. */
  temporary(purpose: string): TableRef;
}
