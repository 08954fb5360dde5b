import { LadingError } from "../errors/index.ts";
import { passesRootIds } from "./merge-strategy.ts";
import { mergeReferences, type TableReference } from "./references.ts";
import { isComplete, rootTable, type ColumnSchema, type Schema, type TableSchema } from "./schema.ts";

/** Hints that belong to a table as a whole: setting one anew takes it from all other columns (spec dlt-core 4.5). */
const compoundHints = ["partition", "cluster", "primary_key", "merge_key", "incremental"] as const;

/**
 * Puts what is new of a table into a schema (spec dlt-core 4.6). Names are normalized already.
 *
 * - `declared`: the partial table is what a resource declares: its compound hints and the normalizer's marks replace
 *   those of the stored one, as dlt leaves them after extraction.
 * - An incomplete column that becomes complete moves to the end; complete ones keep their place.
 */
export function mergeTable(schema: Schema, partial: TableSchema, options: { declared?: boolean } = {}): void {
  if (partial.parent !== undefined && !schema.tables.has(partial.parent)) {
    throw new LadingError(
      "SCHEMA_CONFLICT",
      `The table "${partial.name}" is nested in "${partial.parent}", which is not in the schema "${schema.name}".`,
    );
  }
  const table = schema.tables.get(partial.name);
  if (table === undefined) schema.tables.set(partial.name, partial);
  else {
    if (partial.parent !== undefined && partial.parent !== table.parent) {
      throw new LadingError(
        "SCHEMA_CONFLICT",
        `The table "${partial.name}" is nested in "${table.parent ?? "nothing"}" and cannot be moved into "${partial.parent}".`,
      );
    }
    if (table.parent !== undefined && partial.resource !== undefined) {
      throw new LadingError(
        "SCHEMA_CONFLICT",
        `The table "${partial.name}" is nested in "${table.parent}" and cannot become a table of its own.`,
        { hint: "It was loaded without a key. Load it into another dataset, or take the key out of its nested hints." },
      );
    }
    mergeColumns(table.columns, partial.columns, options.declared === true);
    for (const [key, value] of Object.entries(partial)) {
      if (key === "columns" || value === undefined) continue;
      if (key === "x-normalizer" && options.declared !== true)
        table["x-normalizer"] = { ...table["x-normalizer"], ...partial["x-normalizer"] };
      else if (key === "references") table[key] = mergeReferences(table[key], value as readonly TableReference[]);
      else table[key] = value;
    }
  }
  extendTable(schema, partial.name);
}

function mergeColumns(
  columns: Map<string, ColumnSchema>,
  partial: ReadonlyMap<string, ColumnSchema>,
  replaceCompound: boolean,
): void {
  if (replaceCompound) {
    for (const hint of compoundHints) {
      if (![...partial.values()].some((column) => column[hint] === true)) continue;
      // One that has it still keeps it where it stands: files of schemas would change without a reason.
      for (const column of columns.values()) if (partial.get(column.name)?.[hint] !== true) delete column[hint];
    }
  }
  for (const [name, column] of partial) {
    const existing = columns.get(name);
    if (existing === undefined) {
      columns.set(name, column);
      continue;
    }
    if (!isComplete(existing) && isComplete(column)) columns.delete(name);
    columns.set(name, Object.assign(existing, column));
  }
}

/**
 * Notes in the schema that a table's rows pass their id down to all nested tables, where merging needs it
 * (spec dlt-core 2.6). The note is part of the stored schema and so of its hash.
 */
export function extendTable(schema: Schema, name: string): void {
  const table = schema.tables.get(name);
  if (table === undefined) return;
  const root = rootTable(schema, table);
  if (root.name.startsWith("_dlt")) return;
  const config = schema.normalizers.json.config;
  const wanted = config?.root_key_propagation ?? passesRootIds(root);
  if (!wanted && !chainHasRootKey(schema, root.name)) return;
  const rowKey = [...root.columns.values()].find((column) => column.row_key === true)?.name ?? "_dlt_id";
  const json = schema.normalizers.json;
  json.config ??= {};
  json.config.propagation ??= {};
  json.config.propagation.tables ??= {};
  json.config.propagation.tables[root.name] = {
    ...json.config.propagation.tables[root.name],
    [rowKey]: "_dlt_root_id",
  };
}

function chainHasRootKey(schema: Schema, root: string): boolean {
  for (const table of schema.tables.values()) {
    const inChain = table.name === root || rootTable(schema, table).name === root;
    if (inChain && [...table.columns.values()].some((column) => column.root_key === true)) return true;
  }
  return false;
}
