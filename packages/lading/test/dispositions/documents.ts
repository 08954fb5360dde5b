import * as fc from "fast-check";
import type { Document, Item, Part } from "../../src/testing/destinations/document-model.ts";
import { assembledDocuments, type NestedRow } from "../../src/testing/destinations/stored-documents.ts";
import type { Place } from "../bad-input/place.ts";

export type { Document };

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

/** The documents that are in the database, put together again. Fails where their rows do not fit together. */
export async function storedDocuments(place: Place, history = false): Promise<StoredDocument[]> {
  const nested = async (table: string, column: string): Promise<readonly NestedRow[]> =>
    (await place.sql(
      `SELECT _dlt_id, _dlt_parent_id, _dlt_list_idx::INT, ${column}::INT FROM d.${table}`,
    )) as unknown as readonly NestedRow[];
  const validity = history ? "epoch_us(_dlt_valid_from)::VARCHAR, epoch_us(_dlt_valid_to)::VARCHAR" : "'0', NULL";
  const roots = (await place.sql(`SELECT _dlt_id, id::INT, v::INT, ${validity} FROM d.t ORDER BY ALL`)) as [
    string,
    number,
    number,
    string,
    string | null,
  ][];
  const documents = assembledDocuments({
    roots: roots.map(([id, key, v]) => [id, key, v]),
    items: await nested("t__l", "x"),
    parts: await nested("t__l__m", "y"),
    values: await nested("t__l__m__n", "value"),
  });
  return roots.map(([id, , , from, to], at) => ({
    id,
    from: Number(from),
    to: to === null ? undefined : Number(to),
    document: documents[at]!,
  }));
}

export function sorted(documents: readonly Document[]): string[] {
  return documents.map((one) => JSON.stringify(one)).toSorted();
}
