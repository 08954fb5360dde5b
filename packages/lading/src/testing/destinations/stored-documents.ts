import type { CaseContext } from "./case-context.ts";
import type { Document } from "./document-model.ts";

/** A row of a nested table: of a list in a document. */
export type NestedRow = readonly [id: string, parent: string, index: number, value: number];

/** Rows of the tables that documents are in. */
export interface DocumentRows {
  readonly roots: readonly (readonly [id: string, key: number, v: number])[];
  readonly items: readonly NestedRow[];
  readonly parts: readonly NestedRow[];
  readonly values: readonly NestedRow[];
}

/** The documents of the table `t`, put together again. Fails as {@link assembledDocuments} does. */
export async function storedDocuments(context: CaseContext): Promise<readonly Document[]> {
  const nested = async (table: string, column: string): Promise<readonly NestedRow[]> =>
    (await context.rows(table, ["_dlt_id", "_dlt_parent_id", "_dlt_list_idx", column])) as readonly NestedRow[];
  return assembledDocuments({
    roots: (await context.rows("t", ["_dlt_id", "id", "v"])) as DocumentRows["roots"],
    items: await nested("t__l", "x"),
    parts: await nested("t__l__m", "y"),
    values: await nested("t__l__m__n", "value"),
  });
}

/**
 * Documents from the rows of their tables, in the order of the roots. Fails where a nested row has no parent, or a place in
 * a list is taken twice or left out.
 */
export function assembledDocuments({ roots, ...nested }: DocumentRows): readonly Document[] {
  const [items, parts, values] = [lists(nested.items), lists(nested.parts), lists(nested.values)];
  noOrphans(new Set(roots.map(([id]) => id)), items);
  noOrphans(idsOf(nested.items), parts);
  noOrphans(idsOf(nested.parts), values);
  return roots.map(([id, key, v]) => ({
    id: key,
    v,
    l: listOf(items, id, ([own, , , x]) => ({
      x,
      m: listOf(parts, own, ([ownPart, , , y]) => ({ y, n: listOf(values, ownPart, ([, , , value]) => value) })),
    })),
  }));
}

/** Rows by their parents, in the order of the lists. */
function lists(rows: readonly NestedRow[]): ReadonlyMap<string, readonly NestedRow[]> {
  const byParent = new Map<string, NestedRow[]>();
  for (const row of rows.toSorted((one, other) => one[2] - other[2]))
    byParent.set(row[1], [...(byParent.get(row[1]) ?? []), row]);
  return byParent;
}

function listOf<T>(
  byParent: ReadonlyMap<string, readonly NestedRow[]>,
  parent: string,
  make: (row: NestedRow) => T,
): readonly T[] {
  const rows = byParent.get(parent) ?? [];
  if (rows.some(([, , index], at) => index !== at))
    throw new Error(`a list with gaps or doubles: ${JSON.stringify(rows)}`);
  return rows.map(make);
}

function idsOf(rows: readonly NestedRow[]): ReadonlySet<string> {
  return new Set(rows.map(([id]) => id));
}

function noOrphans(parents: ReadonlySet<string>, rows: ReadonlyMap<string, unknown>): void {
  for (const parent of rows.keys())
    if (!parents.has(parent)) throw new Error(`nested rows without their parent ${parent}`);
}
