import { Buffer } from "node:buffer";
import { idRoom } from "../../../resource/cell-rows.ts";
import type { RowCells } from "../../../util/row-cells.ts";
import type { Batch } from "../database.ts";

const idFiller = "A".repeat(idRoom);

/**
 * Rows of cells as a batch.
 *
 * @param fits whether each value fits the type of its column
 */
export function batchOfCells(cells: readonly RowCells[], fits: boolean): Batch {
  const rows = cells.map((row) => `${idFiller}\t${row.map(quoted).join("\t")}\n`);
  const lengths = rows.map((row) => Buffer.byteLength(row));
  let size = 0;
  const starts = lengths.map((length) => (size += length) - length);
  return {
    count: cells.length,
    size,
    cells: () => cells,
    last: () => cells.at(-1)!,
    bytes: fits ? { bytes: Buffer.from(rows.join("")), starts } : undefined,
  };
}

/** As row files have it: NULL is nothing, what would be taken for something else stands in quotes. */
function quoted(cell: string | null): string {
  if (cell === null) return "";
  return cell === "" || /[\t"\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
