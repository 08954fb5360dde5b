import type { LadingError } from "../../../errors/index.ts";
import type { ColumnSchema, TableSchema } from "../../../schema/schema.ts";
import type { EarlyRequest } from "../../destination.ts";
import type { Dialect, TableRef } from "../dialect.ts";
import type { SystemTables } from "../system-rows.ts";

/** A SQL dialect with what loading in one transaction needs of it. Pure: text in, text out. */
export interface LoadDialect extends Dialect {
  /**
   * Whether a column takes every value of the type that the schema wants there as it is. Engines cast what they are
   * given: 1.5 into a column that was made an integer by hand would silently become 2.
   *
   * @param wanted the type of the schema, as {@link Dialect.columnType} spells it
   * @param found the type in the catalog
   */
  fits(wanted: string, found: string): boolean;
  /** A table that only this transaction sees, for rows that wait to be merged. */
  staging(options: StagingOptions): Staging;
  /** A name for a table that only this transaction sees. */
  temporary(name: string): TableRef;
  /** Empties a table. */
  empty(table: TableRef): string;
  /** An expression that gives each row another id. */
  readonly rowId: string;
  /** Statements for what a new column is to have beside its type, once the rows of the load are in: indexes. */
  finish(table: TableRef, added: readonly ColumnSchema[]): readonly string[];
}

export interface StagingOptions {
  /** Tells it from others of the load. */
  readonly number: number;
  readonly target: TableRef;
  /** Names of the columns of the target. */
  readonly columns: readonly string[];
  /** Whether files say of each row which root row it belongs to. */
  readonly marked: boolean;
}

/** A temporary table for the rows that came for a table. */
export interface Staging {
  readonly name: TableRef;
  /** The column that grows in the order in which rows come. */
  readonly arrival: string;
  readonly create: readonly string[];
  readonly drop: readonly string[];
}

/** Names in one dataset, qualified and quoted. */
export interface DatasetNames {
  /** As people write it. */
  readonly dataset: string;
  table(name: string): TableRef;
  /** dlt's own tables. */
  readonly system: SystemTables;
}

/** A table as it stands in the database. */
export interface FoundTable {
  /** Views have columns too, but take no rows. */
  readonly isView: boolean;
  /** Types as the engine writes them, by column. */
  readonly columns: NameMap<string>;
}

/** A map by names as the engine compares them. */
export interface NameMap<Value> {
  get(name: string): Value | undefined;
  has(name: string): boolean;
}

/** A row file, and where its rows go. */
export interface PartCopy {
  readonly target: TableRef;
  readonly path: string;
  /** Those of the file, in its order. */
  readonly columns: readonly ColumnSchema[];
  /** In bytes. */
  readonly longestRow: number;
  /** Columns with the same value in every row, whatever the file has there. */
  readonly constants: Readonly<Record<string, string>>;
}

/** A row of a query: text, numbers, bigints, booleans, null. */
export type ResultRow = Readonly<Record<string, unknown>>;

/** An open connection to a database, as far as loading needs it. What sets one engine apart from another is here. */
export interface SqlEngine {
  readonly dialect: LoadDialect;
  readonly names: DatasetNames;
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly ResultRow[]>;
  /** The first row of a query of tables that may not be there: `undefined` where one is missing. */
  rowIfThere(sql: string): Promise<ResultRow | undefined>;
  /**
   * Waits until no other load makes tables or columns in the dataset, and keeps others from it until the transaction
   * ends: two that make the same would fail. Left out where loads take turns anyway.
   */
  readonly lockCatalog?: () => Promise<void>;
  /**
   * Waits until no other load merges into a table, and keeps others from it until the transaction ends: two that merge
   * rows with one key would both add them. Left out where loads take turns anyway.
   */
  readonly lockMerge?: (table: string) => Promise<void>;
  /** Makes the dataset where it is missing. */
  makeDataset(): Promise<void>;
  /** Tables and views of the dataset: what is there, not what is remembered. */
  readCatalog(): Promise<NameMap<FoundTable>>;
  /** Puts the rows of a row file into a table. */
  copy(part: PartCopy): Promise<void>;
  /** Whether counting a table costs nothing; else nothing is counted. */
  readonly countsRows: boolean;
  begin(request: EarlyRequest): Promise<EngineTransaction>;
  /**
   * An error of the engine in our words. What is a `LadingError` already stays.
   *
   * @param touched the tables that the statement may have written to
   */
  explain(error: unknown, touched: readonly TableSchema[]): LadingError;
}

/** A row file that is about to be copied. */
export interface ExpectedFile {
  /** How many columns the table has that it goes to, with those that it may not bring itself. */
  readonly columns: number;
  /** In bytes. */
  readonly longestRow: number;
}

/** A transaction that is open. */
export interface EngineTransaction {
  /** Is told of row files before they are copied, for an engine that must make room for them. */
  expect(files: readonly ExpectedFile[]): Promise<void>;
  commit(): Promise<void>;
  /** Does nothing where it has ended. */
  rollback(): Promise<void>;
}
