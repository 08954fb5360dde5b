import { LadingError } from "../errors/index.ts";
import { rootTableName, tableOfRow } from "../normalize/root-table.ts";
import type { Names } from "../normalize/names.ts";
import type { Page } from "../resource/page.ts";
import { plainRows } from "../resource/plain-rows.ts";
import { pickRows } from "../resource/rebuild-page.ts";
import type { Resource } from "../resource/resource.ts";
import { isSystemTable } from "../schema/schema.ts";

/** The rows of a page that go to one table. */
export interface TableRows {
  readonly table: string;
  readonly page: Page;
  /** Where its rows stand in the whole page; `undefined`: it is the whole page. */
  readonly indexes: readonly number[] | undefined;
}

/**
 * The rows of a page by the table that they go to, tables in the order of their first rows, rows in theirs.
 *
 * @throws LadingError NAME_EMPTY, ROW_INVALID, and INVALID_ARGUMENT for a table of dlt's own, with the row's index in
 *   `details.row`
 */
export function rowsByTable(resource: Resource, page: Page, names: Names): readonly TableRows[] {
  const { name, hints } = resource;
  const { tableName } = hints;
  if (typeof tableName !== "function") return [{ table: rootTableName(names, hints, name)!, page, indexes: undefined }];
  const choose = tableName as (row: unknown) => unknown;
  const indexes = new Map<string, number[]>();
  for (const [index, row] of plainRows(page).entries()) {
    const table = atRow(index, () => checked(tableOfRow(names, choose, row, name), name));
    const known = indexes.get(table);
    if (known === undefined) indexes.set(table, [index]);
    else known.push(index);
  }
  return [...indexes].map(([table, own]) => ({ table, page: pickRows(page, own), indexes: own }));
}

function checked(table: string, resource: string): string {
  if (!isSystemTable(table)) return table;
  throw new LadingError("INVALID_ARGUMENT", `The resource "${resource}" would write a row to "${table}".`, {
    hint: "Names that begin with _dlt are those of dlt's own tables; let tableName give another one.",
    details: { resource, table },
  });
}

function atRow<T>(row: number, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!LadingError.is(error)) throw error;
    const { code, message, cause, hint, details } = error;
    throw new LadingError(code, message, { cause, hint, details: { ...details, row } });
  }
}
