import { isSystemTable, tableChain, type Schema, type TableSchema } from "./schema.ts";

/** The tables of some resources with all that is nested in them, nested ones first. dlt's own are never among them. */
export function resourceTables(schema: Schema, matches: (resource: string) => boolean): TableSchema[] {
  const found = new Set<TableSchema>();
  for (const { name, resource } of schema.tables.values()) {
    if (resource === undefined || isSystemTable(name) || !matches(resource)) continue;
    for (const table of tableChain(schema, name)) found.add(table);
  }
  return [...found].toReversed();
}

/** Takes tables out of a schema, and what the normalizer keeps of them. */
export function dropTables(schema: Schema, tables: readonly TableSchema[]): void {
  const propagation = schema.normalizers.json.config?.propagation?.tables;
  for (const { name } of tables) {
    schema.tables.delete(name);
    if (propagation !== undefined) delete propagation[name];
  }
}
