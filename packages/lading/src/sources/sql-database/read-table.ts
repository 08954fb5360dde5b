import type { CellRowsColumn } from "../../resource/cell-rows.ts";
import type { FunctionContext } from "../../resource/context.ts";
import type { Incremental } from "../../resource/incremental.ts";
import { once } from "../../resource/once.ts";
import { page, type Page } from "../../resource/page.ts";
import type { Json } from "../../util/json-value.ts";
import type { RowCells } from "../../util/row-cells.ts";
import { cursorClause, cursorColumn } from "./cursor-clause.ts";
import type { Batch, Database, FoundTable, SelectParts, TableColumn } from "./database.ts";
import type { QueryAdapter } from "./options.ts";
import { exactTableRows, plainTableRows, type TableRow } from "./row-values.ts";
import { writeSql } from "./sql-text.ts";
import { tableOrder } from "./table-order.ts";
import { contentOf, tableQuery } from "./table-query.ts";

/** A table that is about to be read. */
export interface TableReading {
  readonly database: Database;
  readonly table: FoundTable;
  /** Those that are read, in the order of the table. */
  readonly columns: readonly TableColumn[];
  readonly incremental: Incremental | undefined;
  readonly queryAdapter: QueryAdapter | undefined;
  readonly chunkSize: number;
}

/** Bytes of a page, roughly. */
const pageBytes = 1024 * 1024;

/** Reads a table in one snapshot, page by page. Each page says where to go on after it, where the table has a key. */
export async function* readTable(
  reading: TableReading,
  context: FunctionContext,
): AsyncGenerator<Page<TableRow>, void, undefined> {
  const { database, table, columns, incremental, queryAdapter } = reading;
  const { cursor: at, signal } = context;
  const cursor = incremental && cursorColumn(incremental, columns, table.name);
  const clause = cursor && cursorClause(cursor, at, database);
  const by = cursor && clause?.order && { cursor, direction: clause.order };
  const order = tableOrder(table, columns, by, database);
  const adapted = contentOf(queryAdapter?.(tableQuery(), { cursor: at }) ?? tableQuery(), table.name);
  const position = context.position as readonly string[] | undefined;
  const select: SelectParts = {
    columns,
    from: database.qualify(table),
    where: [
      ...adapted.where.map((condition) => writeSql(condition, database)),
      ...(clause?.where ?? []),
      ...(position === undefined ? [] : [order.after(position)]),
    ],
    orderBy: order.orderBy,
    limit: adapted.limit,
  };
  const cellColumns = columns.map(cellColumn);
  const snapshot = await database.open();
  let hasPages = false;
  try {
    for await (const batch of snapshot.read(select, { rows: reading.chunkSize, bytes: pageBytes }, signal)) {
      hasPages = true;
      // How many rows are left of a limit is not known after a crash.
      const canGoOn = adapted.limit === undefined;
      yield pageOf(batch, {
        columns,
        cellColumns,
        behind: canGoOn ? order.behind : () => undefined,
        cursor: cursor?.column,
      });
    }
  } finally {
    await snapshot.close();
  }
  // A table without rows is declared all the same.
  if (!hasPages && position === undefined) yield page<TableRow>({ rows: [] });
}

interface PageParts {
  readonly columns: readonly TableColumn[];
  /** The same for all pages: whoever takes cells looks at them once. */
  readonly cellColumns: readonly CellRowsColumn[];
  readonly behind: (row: RowCells) => Json | undefined;
  readonly cursor: TableColumn | undefined;
}

function pageOf(batch: Batch, { columns, cellColumns, behind, cursor }: PageParts): Page<TableRow> {
  const rows = once(() => plainTableRows(batch.cells(), columns, cursor));
  const position = behind(batch.last());
  const { bytes } = batch;
  return page<TableRow>({
    get rows() {
      return rows();
    },
    exact: once(() => exactTableRows(batch.cells(), columns)),
    ...(position !== undefined && { position }),
    ...(bytes !== undefined && { cells: { ...bytes, columns: cellColumns } }),
    bytes: batch.size,
  });
}

function cellColumn({ name, dataType, bits, precision, scale, timezone, nullable }: TableColumn): CellRowsColumn {
  return { name, dataType, precision: bits ?? precision, scale, timezone, nullable };
}
