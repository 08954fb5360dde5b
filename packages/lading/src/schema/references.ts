/** A reference as it is stored with its table (spec dlt-core 4.10). */
export interface TableReference {
  readonly columns: readonly string[];
  readonly referenced_table: string;
  readonly referenced_columns: readonly string[];
  readonly label?: string;
  readonly cardinality?: string;
}

/** Those given anew take the place of those to the same table; the others stay (spec dlt-core 4.6). */
export function mergeReferences(stored: unknown, given: readonly TableReference[]): readonly TableReference[] {
  const merged = new Map<string, TableReference>();
  for (const reference of [...(Array.isArray(stored) ? (stored as TableReference[]) : []), ...given]) {
    merged.set(reference.referenced_table, reference);
  }
  return [...merged.values()];
}
