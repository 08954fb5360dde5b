import { LadingError } from "../../errors/index.ts";
import type { Part } from "../../load-package/manifest.ts";
import { readRows } from "../../load-package/read-rows.ts";
import type { RowCells } from "../../util/row-cells.ts";
import { isComplete, rootTable, type ColumnSchema, type Schema, type TableSchema } from "../../schema/schema.ts";
import type { BatchTable } from "./batch.ts";
import { cellValue } from "./cell-value.ts";

type Row = Readonly<Record<string, unknown>>;
type TypedColumn = ColumnSchema & { readonly data_type: NonNullable<ColumnSchema["data_type"]> };

/** A table of a package with its row files. */
export interface PackageTable {
  readonly folder: string;
  readonly loadId: string;
  readonly schema: Schema;
  readonly table: TableSchema;
  readonly parts: readonly Part[];
  readonly withSystemColumns: boolean;
}

/** What a batch says of its table. */
export function describeTable(given: PackageTable): BatchTable {
  const { schema, table } = given;
  const columns = columnsOf(given);
  const disposition = rootTable(schema, table).write_disposition;
  return {
    name: table.name,
    parent: table.parent,
    writeDisposition: disposition === "replace" || disposition === "merge" ? disposition : "append",
    primaryKey: columns.filter((column) => column.primary_key === true).map((column) => column.name),
    columns: columns.map((column) => ({
      name: column.name,
      dataType: column.data_type,
      nullable: column.nullable !== false,
    })),
  };
}

/**
 * The rows of a table in batches of a size, in the order in which they came; only the last one may be shorter.
 *
 * @param skip rows at the beginning that are left out
 */
export async function* tableBatches(
  given: PackageTable,
  size: number,
  skip: number,
): AsyncGenerator<readonly Row[], void, undefined> {
  const columns = columnsOf(given);
  let left = skip;
  let batch: Row[] = [];
  for (const part of given.parts) {
    if (part.rows <= left) {
      left -= part.rows;
      continue;
    }
    const toRow = rowMaker(given, columns, part);
    for await (const rows of readRows(given.folder, part)) {
      const wanted = left === 0 ? rows : rows.slice(left);
      left = Math.max(0, left - rows.length);
      for (const cells of wanted) {
        batch.push(toRow(cells));
        if (batch.length < size) continue;
        yield batch;
        batch = [];
      }
    }
  }
  if (batch.length > 0) yield batch;
}

/** Columns with a type, as the schema has them: in a file there may be fewer, and some in another order. */
function columnsOf({ table, withSystemColumns }: PackageTable): TypedColumn[] {
  return [...table.columns.values()].filter(
    (column): column is TypedColumn => isComplete(column) && (withSystemColumns || !column.name.startsWith("_dlt_")),
  );
}

function rowMaker(
  { folder, loadId, table }: PackageTable,
  columns: readonly TypedColumn[],
  part: Part,
): (cells: RowCells) => Row {
  const slots = columns.map((column) => part.columns.indexOf(column.name));
  return (cells) => {
    const entries = columns.map(({ name, data_type: type }, index): readonly [string, unknown] => {
      // It is drawn at the seal, and so stands in no file.
      if (name === "_dlt_load_id" && table.parent === undefined) return [name, loadId];
      const text = cells[slots[index] ?? -1] ?? null;
      if (text === null) return [name, null];
      const value = cellValue(text, type);
      if (value !== undefined) return [name, value];
      throw new LadingError(
        "PACKAGE_CORRUPT",
        `The load package in ${folder} is damaged: ${part.path} has a "${name}" that is no ${type}.`,
        { details: { folder, path: part.path, column: name, type } },
      );
    });
    // Also a key like `__proto__` becomes a property.
    return Object.fromEntries(entries);
  };
}
