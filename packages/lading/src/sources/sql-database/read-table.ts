import { LadingError } from "../../errors/index.ts";
import type { CellRowsColumn } from "../../resource/cell-rows.ts";
import type { FunctionContext } from "../../resource/context.ts";
import type { Incremental } from "../../resource/incremental.ts";
import { page, type Page } from "../../resource/page.ts";
import type { Json } from "../../util/json-value.ts";
import { cursorClause, cursorColumn } from "./cursor-clause.ts";
import type { Batch, Database, FoundTable, SelectParts, Snapshot, TableColumn } from "./database.ts";
import { keyRanges, rangeConditions, splitColumn, wholeTable, type KeyRange } from "./key-ranges.ts";
import { mergeStreams } from "./merge-streams.ts";
import type { QueryAdapter, SplitOptions } from "./options.ts";
import { renderWhere } from "./render-select.ts";
import type { TableRow } from "./row-values.ts";
import { writeSql } from "./sql-text.ts";
import { pageOf } from "./table-page.ts";
import { tableOrder, type TableOrder } from "./table-order.ts";
import { contentOf, tableQuery } from "./table-query.ts";

/** A table that is about to be read. */
export interface TableReading {
  readonly database: Database;
  readonly table: FoundTable;
  /** Those that are read, in the order of the table. */
  readonly columns: readonly TableColumn[];
  readonly incremental: Incremental | undefined;
  readonly queryAdapter: QueryAdapter | undefined;
  readonly split: SplitOptions | undefined;
  readonly chunkSize: number;
}

/** Bytes of a page, roughly. */
const pageBytes = 1024 * 1024;

/** A range of the table, and how far it was read. */
interface Part extends KeyRange {
  /** Behind which row reading goes on; `null`: it is done. */
  at?: readonly string[] | null;
}

/**
 * Reads a table in one snapshot, page by page. Each page says where to go on after it, where the table has a key. What
 * comes after a crash is read in another snapshot.
 */
export async function* readTable(
  reading: TableReading,
  context: FunctionContext,
): AsyncGenerator<Page<TableRow>, void, undefined> {
  const { database, columns } = reading;
  const { select, order, by, isLimited, cursor } = whatIsAsked(reading, context);
  const size = { rows: reading.chunkSize, bytes: pageBytes };
  const cellColumns = columns.map(cellColumn);
  const resumed = context.position as unknown as readonly Part[] | undefined;
  const snapshots = [await database.open()];
  let hasPages = false;
  try {
    const parts = resumed?.map((part) => ({ ...part })) ?? (await partsOf(snapshots[0]!, select, by, reading));
    const streams = parts
      .filter((part) => part.at !== null)
      .map((part) => [part, () => partSelect(select, part, { by, order, database })] as const);
    for (let more = streams.length - 1; more > 0; more--) {
      const another = await snapshots[0]!.another();
      if (another === undefined) break;
      snapshots.push(another);
    }
    const batches = streams.map(
      ([part, own], i) => [part, snapshots[i % snapshots.length]!.read(own(), size, context.signal)] as const,
    );
    for await (const { key: part, item: batch } of mergeStreams<Part, Batch>(batches)) {
      if (batch === undefined) {
        part.at = null;
        continue;
      }
      hasPages = true;
      const at = isLimited ? undefined : order.behind(batch.last());
      if (at !== undefined) part.at = at;
      const position = at === undefined ? undefined : (parts.map((one) => ({ ...one })) as unknown as Json);
      yield pageOf(batch, { columns, cellColumns, position, cursor });
    }
  } finally {
    await Promise.all(snapshots.map((one) => one.close()));
  }
  // A table without rows is declared all the same.
  if (!hasPages && resumed === undefined) yield page<TableRow>({ rows: [] });
}

interface Asked {
  readonly select: SelectParts;
  readonly order: TableOrder;
  /** The column that the table is split by. */
  readonly by: TableColumn | undefined;
  /** How many rows are left of a limit is not known after a crash. */
  readonly isLimited: boolean;
  readonly cursor: TableColumn | undefined;
}

function whatIsAsked(reading: TableReading, context: FunctionContext): Asked {
  const { database, table, columns, incremental, queryAdapter, split } = reading;
  const cursor = incremental && cursorColumn(incremental, columns, table.name);
  const clause = cursor && cursorClause(cursor, context.cursor, database);
  const direction = clause?.order;
  const order = tableOrder(table, columns, cursor && direction && { cursor, direction }, database);
  const adapted = contentOf(queryAdapter?.(tableQuery(), { cursor: context.cursor }) ?? tableQuery(), table.name);
  if (split !== undefined && (direction !== undefined || adapted.limit !== undefined)) {
    throw new LadingError(
      "INVALID_ARGUMENT",
      `The table "${table.name}" cannot be split: ${direction === undefined ? "its query has a limit" : "its cursor has a rowOrder"}.`,
      { hint: "Leave one of the two out: parts are read side by side, in no order.", details: { table: table.name } },
    );
  }
  const select: SelectParts = {
    columns,
    from: database.qualify(table),
    where: [...adapted.where.map((condition) => writeSql(condition, database)), ...(clause?.where ?? [])],
    orderBy: order.orderBy,
    limit: adapted.limit,
  };
  const by = split && splitColumn(split, table);
  return { select, order, by, isLimited: adapted.limit !== undefined, cursor: cursor?.column };
}

async function partsOf(
  snapshot: Snapshot,
  { from, where }: SelectParts,
  by: TableColumn | undefined,
  { split, database }: TableReading,
): Promise<Part[]> {
  // Where there is one reader only, parts would be read one after the other.
  if (split === undefined || by === undefined || !database.isShared) return [{ ...wholeTable }];
  const ranges = await keyRanges(snapshot, by, {
    chunks: split.chunks,
    from: `${from}${renderWhere(where)}`,
    database,
  });
  return ranges.map((range) => ({ ...range }));
}

function partSelect(
  select: SelectParts,
  part: Part,
  {
    by,
    order,
    database,
  }: { readonly by: TableColumn | undefined; readonly order: TableOrder; readonly database: Database },
): SelectParts {
  const range = by === undefined ? [] : rangeConditions(part, by, database);
  const after = part.at === undefined || part.at === null ? [] : [order.after(part.at)];
  return { ...select, where: [...select.where, ...range, ...after] };
}

function cellColumn({ name, dataType, bits, precision, scale, timezone, nullable }: TableColumn): CellRowsColumn {
  return { name, dataType, precision: bits ?? precision, scale, timezone, nullable };
}
