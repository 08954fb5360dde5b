import { LadingError } from "../errors/index.ts";
import type { DataType } from "../schema/data-type.ts";
import { hasDefaultHint, newColumn, preferredType } from "../schema/hints.ts";
import { isComplete, type ColumnSchema, type Schema, type TableSchema } from "../schema/schema.ts";
import { DecimalValue, type Value } from "../schema/values.ts";
import { cellText } from "./cell.ts";
import { defaultPrecision } from "./coerce-type.ts";
import { coerce, inferColumn, normalizeTimestamp, typeOf, variantType } from "./coerce.ts";
import type { FlatRow } from "./flatten.ts";
import type { Names } from "./names.ts";

/** A row that fits its table: the text of each cell that is not NULL, and what the table must learn for it. */
export interface CoercedRow {
  readonly cells: ReadonlyMap<string, string>;
  /** The table with only its new columns, or `undefined` where nothing is new. */
  readonly partial: TableSchema | undefined;
  /** Where the values of the new columns stand in the row: a variant's under the name of its column. */
  readonly origins: ReadonlyMap<string, string>;
}

/** What a row is fitted to. */
export interface CoerceOptions {
  readonly schema: Schema;
  readonly names: Names;
  /** Digits of a `wei` that declares none, and how many of them stand after the point. Default: 38 and 0. */
  readonly weiPrecision?: readonly [precision: number, scale: number] | undefined;
}

const noOrigins: ReadonlyMap<string, string> = new Map();

interface Fitted {
  readonly column: string;
  /** `null`: the value is NULL in this column, as the text "null" is in one of JSON. */
  readonly text: string | null;
  readonly schema: ColumnSchema | undefined;
}

/**
 * Fits the values of a row to the columns of its table: infers new columns, coerces what has another type, and makes
 * a variant column where that cannot be (spec dlt-core 3.3 to 3.6). What the row lacks is asked by {@link refuseMissing}.
 * Throws `NULL_NOT_ALLOWED`.
 */
export function coerceRow(options: CoerceOptions, row: FlatRow): CoercedRow {
  const { schema } = options;
  const table = schema.tables.get(row.table) ?? emptyTable(row);
  const cells = new Map<string, string>();
  let added: Map<string, ColumnSchema> | undefined;
  let origins: Map<string, string> | undefined;
  for (const [name, value] of row.values) {
    if (value === null) {
      refuseNull(schema, table, name);
      continue;
    }
    const fitted = fit(options, table, name, value, false);
    if (fitted.text !== null) cells.set(fitted.column, fitted.text);
    if (fitted.schema === undefined) continue;
    (added ??= new Map()).set(fitted.column, fitted.schema);
    (origins ??= new Map()).set(fitted.column, name);
  }
  return { cells, partial: added && { ...table, columns: added }, origins: origins ?? noOrigins };
}

/** Throws `NULL_NOT_ALLOWED` where a row has no value for a column that must have one. `table`: as it was before the row. */
export function refuseMissing(table: TableSchema | undefined, cells: ReadonlyMap<string, string>): void {
  for (const column of table?.columns.values() ?? []) {
    if (column.nullable !== false || cells.has(column.name) || column.name.startsWith("_dlt_")) continue;
    // Rows before the first that has a key could not be loaded either; any other column may yet turn out never to come.
    if (isComplete(column) || column.primary_key === true || column.merge_key === true)
      throw noValue(table!.name, column.name);
  }
}

function emptyTable(row: FlatRow): TableSchema {
  const table: TableSchema = { name: row.table, columns: new Map() };
  if (row.parent === undefined) Object.assign(table, { write_disposition: "append", resource: row.table });
  else table.parent = row.parent;
  return table;
}

function refuseNull(schema: Schema, table: TableSchema, name: string): void {
  const column = table.columns.get(name);
  const refused =
    column === undefined
      ? hasDefaultHint(schema.settings, "not_null", name)
      : isComplete(column) && column.nullable === false;
  if (refused) throw noValue(table.name, name);
}

function noValue(table: string, column: string): LadingError {
  return new LadingError("NULL_NOT_ALLOWED", `The column "${column}" of "${table}" must have a value and has none.`, {
    details: { table, column },
  });
}

function fit(
  options: CoerceOptions,
  table: TableSchema,
  name: string,
  value: Exclude<Value, null>,
  isVariant: boolean,
): Fitted {
  const { settings } = options.schema;
  const known = table.columns.get(name);
  const from = typeOf(value);
  if (known !== undefined && isComplete(known)) {
    const text = textFor(options, value, from, known);
    if (text !== undefined) return { column: name, text, schema: undefined };
    return asVariant(options, table, name, value);
  }
  const inferred = isVariant ? variantType(value) : inferColumn(value);
  const dataType = (isVariant ? undefined : preferredType(settings, name)) ?? inferred.dataType;
  const column = newColumn(settings, name, dataType);
  if (dataType === inferred.dataType) {
    if (inferred.precision !== undefined) column.precision = inferred.precision;
    if (inferred.scale !== undefined) column.scale = inferred.scale;
  }
  if (isVariant) Object.assign(column, { variant: true, description: `Variant of column ${name} generated by dlt` });
  // What was declared without a type wins over what was inferred, defaults included.
  if (known !== undefined) Object.assign(column, known);
  const text = textFor(options, value, from, { ...column, data_type: dataType });
  if (text === undefined) {
    // Not even a new column of its own type takes it (a date before the year 1): no variant would.
    if (known === undefined && dataType === inferred.dataType) throw takenNowhere(table.name, name, value);
    return asVariant(options, table, name, value);
  }
  return { column: name, text, schema: column };
}

function takenNowhere(table: string, column: string, value: Exclude<Value, null>): LadingError {
  const what = value instanceof Date ? value.toISOString() : typeOf(value);
  return new LadingError("CANNOT_COERCE", `No column type takes the value of "${column}" of "${table}": ${what}.`, {
    details: { table, column },
  });
}

/** The text of a value in a column; `null` for NULL, `undefined` where it does not fit. */
function textFor(
  { weiPrecision }: CoerceOptions,
  value: Value,
  from: DataType,
  column: ColumnSchema & { data_type: DataType },
): string | null | undefined {
  const { data_type: to, timezone } = column;
  const [digits, fraction] = (to === "wei" ? weiPrecision : undefined) ?? [];
  const { precision = digits, scale = fraction } = column;
  let fitted = from === to ? value : coerce(value, from, to);
  if (fitted === undefined || fitted === null) return fitted;
  // A column that was made for integers beyond 64 bits takes no fraction off a number that came as another type.
  const isWhole = to === "decimal" && scale === 0 && from !== to;
  if (isWhole && fitted instanceof DecimalValue && fitted.toInteger(precision ?? defaultPrecision) === undefined)
    return undefined;
  if (to === "timestamp") fitted = normalizeTimestamp(fitted, timezone ?? true);
  return cellText(fitted, {
    dataType: to,
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(timezone === undefined ? {} : { timezone }),
  });
}

/**
 * A column beside the one that the value does not fit, named after the value's type. Where the variant does not take
 * it either, the variant gets a variant; it ends, since a text column takes everything (dlt fails there).
 */
function asVariant(options: CoerceOptions, table: TableSchema, name: string, value: Exclude<Value, null>): Fitted {
  const { names } = options;
  const variant = variantType(value);
  let column = names.join([name, `v_${variant.suffix}`]);
  if (variant.suffix === "json") {
    // Schemas of old dlt versions call the type "complex".
    const complex = names.join([name, "v_complex"]);
    if (table.columns.get(complex)?.variant === true) column = complex;
  }
  return fit(options, table, column, value, true);
}
