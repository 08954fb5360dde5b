import type { DataType } from "../schema/data-type.ts";

/** A column of {@link CellRows}. */
export interface CellRowsColumn {
  /** The key that its values have in the rows. */
  readonly name: string;
  readonly dataType: DataType;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  readonly timezone?: boolean | undefined;
  /** `false`: each row has a value. */
  readonly nullable: boolean;
}

/**
 * Rows in the form of a row file, as bytes: cells with a tab between them and a line feed after the row, NULL is nothing,
 * texts are quoted where they must be. Each value has the text that the normalizer would write for it in a column of its
 * type. Whoever takes them as they are has not looked at a single value.
 */
export interface CellRows {
  /** In the order of the cells. */
  readonly columns: readonly CellRowsColumn[];
  /** Before the cells of each row {@link idRoom} bytes and a tab: the place of its id. They may be written over. */
  readonly bytes: Uint8Array;
  /** Where each row begins, in bytes. */
  readonly starts: readonly number[];
}

/** Bytes that an id takes. */
export const idRoom = 14;
