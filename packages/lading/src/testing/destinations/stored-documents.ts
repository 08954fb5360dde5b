import type { CaseContext } from "./case-context.ts";
import type { Document } from "./document-model.ts";

type Nested = readonly [id: string, parent: string, index: number, value: number];

/**
 * The documents of the table `t`, put together again. Fails where a nested row has no parent, or a place in a list is
 * taken twice or left out.
 */
export async function storedDocuments(context: CaseContext): Promise<Document[]> {
  const nested = async (table: string, column: string): Promise<Map<string, Nested[]>> => {
    const rows = (await context.rows(table, [
      "_dlt_id",
      "_dlt_parent_id",
      "_dlt_list_idx",
      column,
    ])) as readonly Nested[];
    const byParent = new Map<string, Nested[]>();
    for (const row of rows.toSorted((one, other) => one[2] - other[2]))
      byParent.set(row[1], [...(byParent.get(row[1]) ?? []), row]);
    return byParent;
  };
  const roots = (await context.rows("t", ["_dlt_id", "id", "v"])) as readonly (readonly [string, number, number])[];
  const items = await nested("t__l", "x");
  const parts = await nested("t__l__m", "y");
  const values = await nested("t__l__m__n", "value");
  noOrphans(new Set(roots.map(([id]) => id)), items);
  noOrphans(idsOf(items), parts);
  noOrphans(idsOf(parts), values);
  const listOf = <T>(lists: Map<string, Nested[]>, parent: string, make: (row: Nested) => T): T[] => {
    const rows = lists.get(parent) ?? [];
    if (rows.some(([, , index], at) => index !== at))
      throw new Error(`a list with gaps or doubles: ${JSON.stringify(rows)}`);
    return rows.map(make);
  };
  return roots.map(([id, key, v]) => ({
    id: key,
    v,
    l: listOf(items, id, ([own, , , x]) => ({
      x,
      m: listOf(parts, own, ([ownPart, , , y]) => ({ y, n: listOf(values, ownPart, ([, , , value]) => value) })),
    })),
  }));
}

function idsOf(rows: Map<string, Nested[]>): Set<string> {
  return new Set([...rows.values()].flat().map(([id]) => id));
}

function noOrphans(parents: ReadonlySet<string>, rows: Map<string, Nested[]>): void {
  for (const parent of rows.keys())
    if (!parents.has(parent)) throw new Error(`nested rows without their parent ${parent}`);
}
