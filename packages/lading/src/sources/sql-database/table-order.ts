import type { RowCells } from "../../util/row-cells.ts";
import type { Database, FoundTable, TableColumn } from "./database.ts";
import { comparedColumn, type CursorColumn } from "./cursor-clause.ts";

/** The order in which rows come, and so where reading can go on. */
export interface TableOrder {
  /** What `ORDER BY` says. */
  readonly orderBy: readonly string[];
  /** The condition of rows after a position. */
  after(position: readonly string[]): string;
  /** The position behind a row; `undefined` where reading cannot go on behind it. */
  behind(row: RowCells): readonly string[] | undefined;
}

/**
 * Rows in the order of the cursor, where that was asked for, and of the table's key, so that no two are equal. A table
 * without a key can be ordered, but not gone on with.
 *
 * @param columns those that are read, in the order of their cells
 * @param by the cursor and its direction, where it sets the order
 */
export function tableOrder(
  table: Pick<FoundTable, "rowKey">,
  columns: readonly TableColumn[],
  by: { readonly cursor: CursorColumn; readonly direction: "ASC" | "DESC" } | undefined,
  database: Database,
): TableOrder {
  const direction = by?.direction ?? "ASC";
  const key = table.rowKey.map((name) => columns.findIndex((column) => column.name === name));
  // A key that is not read cannot be a position.
  const isKnown = key.length > 0 && !key.includes(-1);
  const cursor = by === undefined ? [] : [columns.indexOf(by.cursor.column)];
  const places = [...cursor, ...(isKnown ? key.filter((place) => !cursor.includes(place)) : [])];
  const ordering = places.map((place) => columns[place]!);
  // NULL is neither before nor after anything.
  const mayBeNull = by !== undefined && by.cursor.column.nullable;
  const canGoOn = isKnown && !mayBeNull && ordering.every(({ isKey }) => isKey);
  // Only the cursor is compared elsewhere too. A key in the database's own order has an index.
  const compared = ordering.map((column) =>
    column === by?.cursor.column ? comparedColumn(column, database) : database.quote(column.name),
  );
  return {
    orderBy: compared.map((column) => `${column} ${direction}`),
    after(position) {
      const values = position.map((text, i) => `CAST(${database.literal(text)} AS ${ordering[i]!.type})`);
      const [left, right] = [compared.join(", "), values.join(", ")];
      return `(${left}) ${direction === "ASC" ? ">" : "<"} (${right})`;
    },
    behind: (row) => (canGoOn ? places.map((place) => row[place] ?? "") : undefined),
  };
}
