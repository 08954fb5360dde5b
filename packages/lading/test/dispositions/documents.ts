import * as fc from "fast-check";
import type { Place } from "../bad-input/place.ts";

/** A row with lists in lists, three levels deep. */
export interface Document {
  readonly id: number;
  readonly v: number;
  readonly l: readonly Item[];
}
export interface Item {
  readonly x: number;
  readonly m: readonly Part[];
}
export interface Part {
  readonly y: number;
  readonly n: readonly number[];
}

const small = fc.integer({ min: 0, max: 3 });
const part: fc.Arbitrary<Part> = fc.record({ y: small, n: fc.array(small, { maxLength: 2 }) });
const item: fc.Arbitrary<Item> = fc.record({ x: small, m: fc.array(part, { maxLength: 2 }) });

/** Few keys and few values, so that they come again, in one load and in the next. */
export const anyDocument: fc.Arbitrary<Document> = fc.record({
  id: fc.integer({ min: 1, max: 4 }),
  v: small,
  l: fc.array(item, { maxLength: 3 }),
});

/** Has every table and column, so that they are all there to be read. */
export const fullDocument: Document = { id: 1, v: 0, l: [{ x: 0, m: [{ y: 0, n: [0] }] }] };

/** What a row of the root table has beside its document. */
export interface StoredDocument {
  readonly document: Document;
  readonly id: string;
  /** Microseconds since 1970; only where there is a history. */
  readonly from: number;
  readonly to: number | undefined;
}

type Nested = readonly [id: string, parent: string, index: number, value: number];

/**
 * The documents that are in the database, put together again. Fails where a nested row has no parent, or one place in a list
 * is taken twice.
 */
export async function storedDocuments(place: Place, history = false): Promise<StoredDocument[]> {
  const nested = async (table: string, column: string): Promise<Map<string, Nested[]>> => {
    const rows = (await place.sql(
      `SELECT _dlt_id, _dlt_parent_id, _dlt_list_idx::INT, ${column}::INT FROM d.${table} ORDER BY 2, 3`,
    )) as unknown as Nested[];
    const byParent = new Map<string, Nested[]>();
    for (const row of rows) byParent.set(row[1], [...(byParent.get(row[1]) ?? []), row]);
    return byParent;
  };
  const validity = history ? "epoch_us(_dlt_valid_from)::VARCHAR, epoch_us(_dlt_valid_to)::VARCHAR" : "'0', NULL";
  const roots = (await place.sql(`SELECT _dlt_id, id::INT, v::INT, ${validity} FROM d.t ORDER BY ALL`)) as [
    string,
    number,
    number,
    string,
    string | null,
  ][];
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
  return roots.map(([id, key, v, from, to]) => ({
    id,
    from: Number(from),
    to: to === null ? undefined : Number(to),
    document: {
      id: key,
      v,
      l: listOf(items, id, ([own, , , x]) => ({
        x,
        m: listOf(parts, own, ([ownPart, , , y]) => ({ y, n: listOf(values, ownPart, ([, , , value]) => value) })),
      })),
    },
  }));
}

function idsOf(rows: Map<string, Nested[]>): Set<string> {
  return new Set([...rows.values()].flat().map(([id]) => id));
}

function noOrphans(parents: ReadonlySet<string>, rows: Map<string, Nested[]>): void {
  for (const parent of rows.keys())
    if (!parents.has(parent)) throw new Error(`nested rows without their parent ${parent}`);
}

export function sorted(documents: readonly Document[]): string[] {
  return documents.map((one) => JSON.stringify(one)).toSorted();
}
