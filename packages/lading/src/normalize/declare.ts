import { LadingError } from "../errors/index.ts";
import { storedContract } from "../resource/stored-contract.ts";
import type { ColumnHints, ResourceHints, SchemaContract } from "../resource/hints.ts";
import { defaultHints, relationalModule } from "../schema/new-schema.ts";
import { extendTable } from "../schema/merge.ts";
import type { ColumnSchema, Schema, TableSchema } from "../schema/schema.ts";
import { fromPlain } from "../util/json.ts";
import { declareDisposition } from "./declare-disposition.ts";
import { storedReferences } from "./declare-references.ts";
import type { Names } from "./names.ts";

/** What a source declares of all its tables. */
export interface SourceSettings {
  readonly maxTableNesting?: number | undefined;
  readonly rootKey?: boolean | undefined;
  readonly schemaContract?: SchemaContract | undefined;
}

/**
 * Puts a source's settings into its schema before it is read. They replace those of the run before, as in dlt;
 * what merging needs is worked out again for every table.
 */
export function applySource(schema: Schema, settings: SourceSettings): void {
  const config = {
    ...(settings.maxTableNesting === undefined ? {} : { max_nesting: settings.maxTableNesting }),
    ...(settings.rootKey === undefined ? {} : { root_key_propagation: settings.rootKey }),
  };
  schema.normalizers.json = {
    module: relationalModule,
    ...(Object.keys(config).length === 0 ? {} : { config }),
  };
  const { schemaContract } = settings;
  schema.settings = {
    ...(schemaContract === undefined ? {} : { schema_contract: storedContract(schemaContract) }),
    detections: ["iso_timestamp"],
    default_hints: defaultHints(),
  };
  for (const name of schema.tables.keys()) extendTable(schema, name);
}

/**
 * What a resource declares of one of its tables, in stored form (spec dlt-core 4.5): declared columns, then keys, which
 * make a column that is not declared `nullable: false`.
 *
 * @param root the table's name, normalized
 */
export function declareTable(
  hints: ResourceHints,
  resource: string,
  root: string,
  names: Names,
  cursorPath?: string,
): TableSchema {
  const columns = declareColumns(hints, names);
  const table: TableSchema = { columns, name: root, resource };
  declareDisposition(table, hints.writeDisposition, resource, names);
  if (hints.schemaContract !== undefined) table.schema_contract = storedContract(hints.schemaContract);
  if (cursorPath !== undefined) {
    const name = names.column(cursorPath);
    columns.set(name, { ...(columns.get(name) ?? { name }), incremental: true });
  }
  if (hints.references !== undefined) table["references"] = storedReferences(hints.references, names);
  if (hints.maxTableNesting !== undefined) table["x-normalizer"] = { max_nesting: hints.maxTableNesting };
  return table;
}

/**
 * What columns and keys are declared, as stored columns. A key's column that is not declared is `nullable: false`.
 */
export function declareColumns(
  hints: Pick<ResourceHints, "columns" | "primaryKey" | "mergeKey">,
  names: Names,
): Map<string, ColumnSchema> {
  const columns = new Map<string, ColumnSchema>();
  for (const [given, column] of declaredColumns(hints.columns)) {
    const name = names.column(given);
    columns.set(name, { ...columns.get(name), ...storedColumn(column), name });
  }
  markKeys(columns, "primary_key", hints.primaryKey, names);
  markKeys(columns, "merge_key", hints.mergeKey, names);
  return columns;
}

function declaredColumns(columns: ResourceHints["columns"]): (readonly [string, ColumnHints])[] {
  if (columns === undefined) return [];
  if (!Array.isArray(columns)) return Object.entries(columns as Readonly<Record<string, ColumnHints>>);
  return (columns as readonly ColumnHints[]).map((column) => {
    if (column.name === undefined || column.name.trim() === "") {
      throw new LadingError("NAME_EMPTY", "A column in a list of columns has no name.");
    }
    return [column.name, column] as const;
  });
}

const storedNames: Readonly<Record<string, string>> = {
  dataType: "data_type",
  primaryKey: "primary_key",
  mergeKey: "merge_key",
  hardDelete: "hard_delete",
  dedupSort: "dedup_sort",
};

function storedColumn(hints: ColumnHints): Partial<ColumnSchema> {
  const stored: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(hints)) {
    if (value === undefined || key === "name") continue;
    stored[storedNames[key] ?? key] = key.startsWith("x-") ? fromPlain(value) : value;
  }
  return stored as Partial<ColumnSchema>;
}

function markKeys(
  columns: Map<string, ColumnSchema>,
  hint: "primary_key" | "merge_key",
  keys: string | readonly string[] | undefined,
  names: Names,
): void {
  if (keys === undefined) return;
  for (const column of columns.values()) delete column[hint];
  for (const key of typeof keys === "string" ? [keys] : keys) {
    const name = names.column(key);
    const column = columns.get(name);
    if (column === undefined) columns.set(name, { name, nullable: false, [hint]: true });
    else Object.assign(column, { [hint]: true, nullable: column.nullable ?? false });
  }
}

/** `data_type` and the like as given in dlt's own snake_case documents. */
export function columnHintsFromDlt(
  columns: Readonly<Record<string, Record<string, unknown>>>,
): Record<string, ColumnHints> {
  const camel = new Map(Object.entries(storedNames).map(([ours, theirs]) => [theirs, ours]));
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      Object.fromEntries(Object.entries(column).map(([key, value]) => [camel.get(key) ?? key, value])) as ColumnHints,
    ]),
  );
}
