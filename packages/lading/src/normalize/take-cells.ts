import type { RowFile } from "../load-package/row-file.ts";
import type { CellRows, CellRowsColumn } from "../resource/cell-rows.ts";
import { isComplete, type ColumnSchema, type Schema } from "../schema/schema.ts";
import { writeRandomId } from "../util/row-id.ts";
import type { Names } from "./names.ts";

const idColumn = "_dlt_id";

/**
 * The columns that cells go into, where each of them goes as it is into the column that its values would go into:
 * nothing is coerced, nothing is refused, nothing is missing.
 *
 * @returns `undefined` where it takes a look at the values
 */
export function columnsForCells(
  schema: Schema,
  names: Names,
  table: string,
  columns: readonly CellRowsColumn[],
): readonly string[] | undefined {
  const known = schema.tables.get(table)?.columns;
  if (known === undefined) return undefined;
  const taken = new Set<string>();
  for (const column of columns) {
    const name = names.column(column.name);
    const into = known.get(name);
    // A column that the normalizer fills itself, and two of one name, are its business.
    if (into === undefined || name.startsWith("_dlt_") || taken.has(name) || !takesCells(into, column))
      return undefined;
    taken.add(name);
  }
  for (const { name, nullable } of known.values()) {
    if (nullable === false && !name.startsWith("_dlt_") && !taken.has(name)) return undefined;
  }
  return [...taken];
}

function takesCells(into: ColumnSchema, { dataType, precision, scale, timezone, nullable }: CellRowsColumn): boolean {
  if (!isComplete(into) || into.data_type !== dataType || (into.nullable === false && nullable)) return false;
  switch (dataType) {
    case "bigint":
      return (into.precision ?? 64) >= (precision ?? 64);
    case "decimal":
    case "wei":
      return into.precision === precision && into.scale === scale;
    case "timestamp":
      return (into.timezone ?? true) === (timezone ?? true);
    case "text":
    case "double":
    case "bool":
    case "date":
    case "time":
    case "json":
    case "binary":
      return true;
  }
}

/**
 * Lays out a row file as cells need it: the row's id, then their columns.
 *
 * @returns `false` where it has another order already
 */
export function layOut(file: RowFile, columns: readonly string[]): boolean {
  return [idColumn, ...columns].every((column, slot) => {
    if (file.columns.length < slot) return false;
    if (!file.hasColumn(column) && file.columns.length > slot) return false;
    return file.slotOf(column) === slot;
  });
}

/** Writes cells into a file that is laid out for them; each row gets an id that is drawn. */
export function writeCells(file: RowFile, { bytes, starts, columns }: CellRows): void {
  for (const start of starts) writeRandomId(bytes, start);
  // Columns that came later stand behind those of the cells.
  file.buffer.wholeRows(bytes, starts, file.columns.length - columns.length - 1);
}
