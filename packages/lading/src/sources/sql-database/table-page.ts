import type { CellRowsColumn } from "../../resource/cell-rows.ts";
import { once } from "../../resource/once.ts";
import { page, type Page } from "../../resource/page.ts";
import type { Json } from "../../util/json-value.ts";
import type { Batch, TableColumn } from "./database.ts";
import { exactTableRows, plainTableRows, type TableRow } from "./row-values.ts";

/** What a page is made of, beside its rows. */
export interface PageParts {
  readonly columns: readonly TableColumn[];
  /** The same list for all pages: whoever takes cells looks at it once. */
  readonly cellColumns: readonly CellRowsColumn[];
  /** Where to go on after it; `undefined`: nowhere. */
  readonly position: Json | undefined;
  /** The column that rows are compared by. */
  readonly cursor: TableColumn | undefined;
}

/** A batch as a page: its rows are made when somebody looks at them. */
export function pageOf(batch: Batch, { columns, cellColumns, position, cursor }: PageParts): Page<TableRow> {
  const rows = once(() => plainTableRows(batch.cells(), columns, cursor));
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
