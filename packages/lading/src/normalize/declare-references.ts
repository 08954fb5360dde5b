import { LadingError } from "../errors/index.ts";
import type { ReferenceHints } from "../resource/hints.ts";
import type { TableReference } from "../schema/references.ts";
import type { Names } from "./names.ts";

/**
 * References in stored form, names normalized (spec dlt-core 4.10).
 *
 * @throws LadingError INVALID_ARGUMENT where columns do not go with those that they refer to
 */
export function storedReferences(references: readonly ReferenceHints[], names: Names): readonly TableReference[] {
  return references.map(({ columns, referencedTable, referencedColumns, label, cardinality }) => {
    if (columns.length === 0 || columns.length !== referencedColumns.length) {
      throw new LadingError(
        "INVALID_ARGUMENT",
        `A reference to "${referencedTable}" has ${columns.length} columns, and ${referencedColumns.length} that they refer to.`,
      );
    }
    return {
      columns: columns.map((column) => names.column(column)),
      referenced_table: names.table(referencedTable),
      referenced_columns: referencedColumns.map((column) => names.column(column)),
      ...(label === undefined ? {} : { label }),
      ...(cardinality === undefined ? {} : { cardinality }),
    };
  });
}

/** A reference as it stands in dlt's own snake_case documents. */
export function referenceFromDlt(given: Readonly<Record<string, unknown>>): ReferenceHints {
  const { referenced_table: referencedTable, referenced_columns: referencedColumns, ...rest } = given;
  return { ...rest, referencedTable, referencedColumns } as unknown as ReferenceHints;
}
