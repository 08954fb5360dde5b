import type { ColumnHints, ResourceHints } from "./hints.ts";

/** Hints with others on top: what those say wins, and of a column property by property. */
export function mergeHints(below: ResourceHints, above: ResourceHints): ResourceHints {
  const columns = new Map<string, ColumnHints>();
  for (const given of [below.columns, above.columns]) {
    for (const [name, column] of entries(given)) columns.set(name, { ...columns.get(name), ...defined(column) });
  }
  return {
    ...below,
    ...defined(above),
    // As a list: an object would put names that look like numbers first.
    ...(columns.size > 0 && { columns: [...columns].map(([name, column]) => ({ ...column, name })) }),
  };
}

function entries(columns: ResourceHints["columns"]): (readonly [string, ColumnHints])[] {
  if (columns === undefined) return [];
  if (!Array.isArray(columns)) return Object.entries(columns as Readonly<Record<string, ColumnHints>>);
  return (columns as readonly ColumnHints[]).map((column) => [column.name ?? "", column]);
}

function defined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}
