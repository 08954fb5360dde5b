import { LadingError } from "../errors/index.ts";
import type { NamingConvention } from "./naming/index.ts";
import { mergeReferences, type TableReference } from "./references.ts";
import { cloneSchema, hasSeenData, isSystemTable, type ColumnSchema, type Schema, type TableSchema } from "./schema.ts";
import { loadedStateColumns, loadsTable, versionTable } from "./system-tables.ts";

/**
 * A schema with all its names as another naming convention makes them (spec dlt-core 1.6). Columns that fall together are
 * merged, the later one's properties win. Tables that the destination has under the old names stay there.
 *
 * @param allowed also where a table has rows: they begin anew under the new names
 * @throws LadingError NAMING_CHANGED where a table has rows, if only by precaution: the names of what was read are not known
 */
export function changeNaming(schema: Schema, to: NamingConvention, allowed: boolean): Schema {
  const changed = cloneSchema(schema);
  changed.normalizers.names = to.name;
  const data = [...changed.tables.values()].filter(({ name }) => !isSystemTable(name));
  const filled = data.find(hasSeenData);
  if (filled !== undefined && !allowed) throw namingChanged(schema, to.name, filled.name);
  const system = [...changed.tables.values()].filter(({ name }) => isSystemTable(name)).map(canonical);
  changed.tables = new Map(system.map((table) => [table.name, table]));
  for (const table of data) {
    const renamed = renameTable(table, to);
    changed.tables.set(renamed.name, renamed);
  }
  return changed;
}

/** dlt describes its own tables anew. */
function canonical(table: TableSchema): TableSchema {
  if (table.name === "_dlt_version") return { ...table, columns: versionTable().columns };
  if (table.name === "_dlt_loads") return { ...table, columns: loadsTable().columns };
  if (table.name === "_dlt_pipeline_state") return { ...table, columns: loadedStateColumns() };
  return table;
}

function renameTable(table: TableSchema, to: NamingConvention): TableSchema {
  const columns = new Map<string, ColumnSchema>();
  for (const column of table.columns.values()) {
    const name = to.normalizePath(column.name);
    columns.set(name, { ...columns.get(name), ...column, name });
  }
  const renamed: TableSchema = { ...table, name: to.normalizeTablesPath(table.name), columns };
  if (table.parent !== undefined) renamed.parent = to.normalizeTablesPath(table.parent);
  if (table["references"] !== undefined) {
    const references = (table["references"] as readonly TableReference[]).map((reference) => ({
      ...reference,
      referenced_table: to.normalizeTablesPath(reference.referenced_table),
      columns: reference.columns.map((column) => to.normalizePath(column)),
      referenced_columns: reference.referenced_columns.map((column) => to.normalizePath(column)),
    }));
    renamed["references"] = mergeReferences(undefined, references);
  }
  return renamed;
}

function namingChanged(schema: Schema, to: string, table: string): LadingError {
  const from = schema.normalizers.names;
  return new LadingError(
    "NAMING_CHANGED",
    `The schema "${schema.name}" has names by the convention "${from}", and its tables have rows (“${table}”): "${to}" would give them other names.`,
    {
      hint:
        `Keep to "${from}" (the setting schema.naming, or \`naming\` in code), or load into another dataset. With the setting ` +
        "schema.allow_identifier_change_on_table_with_data, tables and columns with new names are begun beside the old ones, which stay as they are.",
      details: { schema: schema.name, from, to, table },
    },
  );
}
