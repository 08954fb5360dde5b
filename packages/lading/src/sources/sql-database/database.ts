import type { DataType } from "../../schema/data-type.ts";
import type { RowCells } from "../../util/row-cells.ts";

/** A column of a table in a database. */
export interface TableColumn {
  readonly name: string;
  /** As the database spells it: `numeric(10,2)`. */
  readonly type: string;
  /** What its values are. */
  readonly dataType: DataType;
  readonly precision?: number;
  readonly scale?: number;
  /** Of timestamps: whether they are moments, or what a clock on the wall shows. */
  readonly timezone?: boolean;
  /** Of integers: 64 where it is not said. */
  readonly bits?: number;
  /** Characters, bytes, bits: what dlt calls precision, and takes only where it is asked for. */
  readonly length?: number;
  readonly nullable: boolean;
  /** SQL for its value, as the text that a row file has for it. */
  readonly cell: string;
  /** SQL that is false for a value that only a variant column takes: NaN in a decimal, `infinity` among timestamps. */
  readonly fits?: string;
  /** Rows can be told apart and ordered by it, and its cell is a literal for its value. */
  readonly isKey: boolean;
}

/** That columns hold keys of another table. */
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly schema: string;
  readonly table: string;
  readonly referencedColumns: readonly string[];
}

/** A table or a view. */
export interface FoundTable {
  readonly schema: string;
  readonly name: string;
  readonly isView: boolean;
  /** In their order. */
  readonly columns: readonly TableColumn[];
  readonly primaryKey: readonly string[];
  /** Columns that tell its rows apart, none of them NULL: the primary key, else another one. Empty: there are none. */
  readonly rowKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
}

/** What a statement is made of, when it is about to be sent. */
export interface SelectParts {
  readonly columns: readonly TableColumn[];
  /** A table with its schema, quoted. */
  readonly from: string;
  /** Conditions that must all hold. */
  readonly where: readonly string[];
  readonly orderBy: readonly string[];
  readonly limit: number | undefined;
}

/** Rows, as they came. */
export interface Batch {
  readonly count: number;
  /** Bytes that they took. */
  readonly size: number;
  /** In the order of the columns that were asked for. */
  cells(): readonly RowCells[];
  /** The cells of the last one. */
  last(): RowCells;
  /** The same, as `CellRows` has them; `undefined` where a value fits no column of its type. */
  readonly bytes: { readonly bytes: Uint8Array; readonly starts: readonly number[] } | undefined;
}

/** How much is read at a time. */
export interface BatchSize {
  readonly rows: number;
  readonly bytes: number;
}

/** A snapshot of a database: whoever reads in it sees one moment. */
export interface Snapshot {
  /** Rows in batches, as they come. The next batch is on its way while one is worked on. */
  read(select: SelectParts, size: BatchSize, signal: AbortSignal): AsyncIterable<Batch>;
  /** Rows of a query, as texts. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Another reader of the same moment; `undefined` where one is all that there is. */
  another(): Promise<Snapshot | undefined>;
  close(): Promise<void>;
}

/** How a database is spoken to. */
export interface Database {
  /** For people: without secrets. */
  readonly location: string;
  quote(identifier: string): string;
  /** A text as a literal, which takes the type that its place wants. */
  literal(text: string): string;
  /** Bytes as a literal, from their hexadecimal digits. */
  bytesLiteral(hex: string): string;
  /** Several connections can see one moment. */
  readonly isShared: boolean;
  /** What makes texts compare by code point, behind a column; empty where they do anyway. */
  readonly binaryCollation: string;
  /** A table with its schema, quoted. */
  qualify(table: Pick<FoundTable, "schema" | "name">): string;
  /** Begins to read. Throws `SOURCE_*`, as everything that it gives does. */
  open(): Promise<Snapshot>;
  /** Names of the tables and views of a schema, in the order of the alphabet. */
  tables(snapshot: Snapshot, schema: string | undefined): Promise<readonly { name: string; isView: boolean }[]>;
  /** What a table is like; `undefined` where it is not there. */
  table(snapshot: Snapshot, schema: string | undefined, name: string): Promise<FoundTable | undefined>;
}
