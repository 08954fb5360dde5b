import type { RowFileKind } from "./part-path.ts";
import { RowBuffer } from "./row-buffer.ts";

/**
 * The row file of one table and one resource while it is written: its columns in the order of the cells, and the rows
 * that are not in the file yet. Pure; `DraftPackage` puts the bytes away.
 */
export class RowFile {
  readonly resource: string;
  readonly table: string;
  readonly kind: RowFileKind;
  /** Columns in the order of the cells. They only grow while a part is open. */
  readonly columns: string[] = [];
  readonly buffer = new RowBuffer();
  readonly #slots = new Map<string, number>();

  constructor(resource: string, table: string, kind: RowFileKind = "rows") {
    this.resource = resource;
    this.table = table;
    this.kind = kind;
  }

  /** The cell of a column. A new column is put at the end; rows that wait in memory get an empty cell for it. */
  slotOf(column: string): number {
    let slot = this.#slots.get(column);
    if (slot === undefined) {
      slot = this.columns.length;
      this.columns.push(column);
      this.#slots.set(column, slot);
      this.buffer.pad(1);
    }
    return slot;
  }

  hasColumn(column: string): boolean {
    return this.#slots.has(column);
  }
}
