import { LadingError } from "../../errors/index.ts";
import { page as makePage, type Page } from "../../resource/index.ts";
import type { Exact, ExactObject } from "../../util/exact.ts";
import { fromPlain } from "../../util/json.ts";
import { fieldMissing } from "./fill-template.ts";

/** A value of the parent's row, for the rows of its children. */
export interface IncludedField {
  /** `_products_id` */
  readonly column: string;
  readonly value: unknown;
  readonly exact: () => Exact;
}

/** The exact rows behind rows that were handed out, for as long as those are in use. */
export type ExactRows = WeakMap<object, () => Exact>;

/**
 * The fields of a parent's row that its children take along (spec dlt-rest 1.13).
 *
 * @throws REST_PARENT_FIELD_MISSING
 */
export function includedFields(
  names: readonly string[],
  context: { readonly row: unknown; readonly parent: string; readonly resource: string; readonly exactRows: ExactRows },
): readonly IncludedField[] {
  const { row, parent, resource, exactRows } = context;
  return names.map((field) => {
    const isObject = typeof row === "object" && row !== null;
    if (!isObject || !Object.hasOwn(row, field)) {
      throw fieldMissing({ parent, field }, { row, resource }, "is to be included, and is not in a row");
    }
    const value = (row as Readonly<Record<string, unknown>>)[field];
    const exact = (): Exact => {
      const known = exactRows.get(row)?.();
      const given = known instanceof Map ? known.get(field) : undefined;
      return given ?? fromPlain(value ?? null);
    };
    return { column: `_${parent}_${field}`, value, exact };
  });
}

/** A page whose rows have the fields too. A row that is no object becomes one, with its value under `value`. */
export function includeFields(before: Page, fields: readonly IncludedField[]): Page {
  if (fields.length === 0) return before;
  const added = Object.fromEntries(fields.map(({ column, value }) => [column, value]));
  const rows = before.rows.map((row) => {
    const object = isPlainObject(row) ? row : { value: row };
    for (const { column } of fields) if (Object.hasOwn(object, column)) throw taken(column);
    return { ...object, ...added };
  });
  const { exact: exactBefore, ...rest } = before;
  const exact = (): readonly Exact[] =>
    (exactBefore?.() ?? before.rows.map((row) => fromPlain(row))).map((row): ExactObject => {
      const object: ExactObject = row instanceof Map ? new Map(row) : new Map([["value", row]]);
      for (const field of fields) object.set(field.column, field.exact());
      return object;
    });
  return makePage({ ...rest, rows, exact });
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function taken(column: string): LadingError {
  return new LadingError(
    "REST_CONFIG_INVALID",
    `includeFromParent would overwrite "${column}", which the rows have already.`,
    { hint: "Rename the field in the parent's processing steps, and include it under the new name." },
  );
}
