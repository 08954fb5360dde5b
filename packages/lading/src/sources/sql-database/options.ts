import type { DataType } from "../../schema/data-type.ts";
import type { ConnectionCredentials } from "./connect.ts";
import type { Secret } from "../../config/secret.ts";
import type { ColumnHints, ResourceHints } from "../../resource/hints.ts";
import type { Cursor } from "../../resource/context.ts";
import type { Incremental } from "../../resource/incremental.ts";
import type { TableColumn } from "./database.ts";
import type { SqlText } from "./sql-text.ts";

/** How a table is read; of a source, for all of its tables. */
export interface ReadOptions {
  /**
   * A connection string (`postgresql://user@host/database`, `duckdb:///path/to/file.duckdb`), or its parts. Default: the
   * setting `sources.<source>.credentials`, then `sources.sql_database.credentials`.
   */
  readonly credentials?: string | Secret | ConnectionCredentials;
  /** Default: the setting `schema`, else the one that the database takes by itself (`public`, `main`). */
  readonly schema?: string;
  /** Rows in a page, at most; a page has about a megabyte where rows are long. Default: 50,000. */
  readonly chunkSize?: number;
  /**
   * What is taken over from the catalog: `full`, names, types, which columns may be NULL, the primary key;
   * `full_with_precision` also the lengths of texts. Default: `full`.
   */
  readonly reflectionLevel?: ReflectionLevel;
  /** Foreign keys within the schema become `references` of the table. Default: `false`. */
  readonly resolveForeignKeys?: boolean;
  /** Another type for a column, or `null`: it is found out from the values. `undefined`: as it was. */
  readonly typeAdapter?: (column: ColumnInfo) => DataType | ColumnHints | null | undefined;
}

export type ReflectionLevel = (typeof reflectionLevels)[number];

export const reflectionLevels = ["full", "full_with_precision"] as const;

/** What is known of a column. */
export type ColumnInfo = Pick<
  TableColumn,
  "name" | "type" | "dataType" | "precision" | "scale" | "timezone" | "length" | "nullable"
>;

/** What is said of one table. */
export interface TableOptions<Name extends string = string, Table extends string = string>
  extends ResourceHints, ReadOptions {
  /** Of the table or view. */
  readonly table: Table;
  /** Of the resource. Default: the table's. */
  readonly name?: Name;
  /** Only these columns, by their names in the database. */
  readonly includedColumns?: readonly string[];
  /** All columns but these. */
  readonly excludedColumns?: readonly string[];
  /** Reads only what is new by a column; the database is asked for no more. Default: the settings `incremental.*`. */
  readonly incremental?: Incremental;
  /** Changes what is asked for. */
  readonly queryAdapter?: QueryAdapter;
  /** Reads the table in ranges of a column by several connections, which see the same moment. */
  readonly split?: SplitOptions;
}

/** How a table is read in parts. */
export interface SplitOptions {
  /** Connections, and so ranges. */
  readonly chunks: number;
  /** Default: the first column of the primary key. */
  readonly column?: string;
}

/** @param cursor where an incremental table stands */
export type QueryAdapter = (query: TableQuery, about: { readonly cursor: Cursor }) => TableQuery;

/** What a table is asked for. Never changed: each method gives another one. */
export interface TableQuery {
  /** Only rows for which it holds, in addition to what was said before: ``query.where(sql`status = ${"paid"}`)``. */
  where(condition: SqlText): TableQuery;
  /** Only so many rows, of the whole table. */
  limit(rows: number): TableQuery;
}
