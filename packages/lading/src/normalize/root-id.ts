import { rootIdKind } from "../schema/merge-strategy.ts";
import type { TableSchema } from "../schema/schema.ts";
import type { Exact, ExactObject } from "../util/exact.ts";
import { typedStringify } from "../util/json-text.ts";
import { randomId, textId } from "../util/row-id.ts";

/** What the rows of a root table get as their id; worked out once, when the table is declared (spec dlt-core 2.5). */
export type RootIds =
  | { readonly kind: "random" }
  /** The hash of these columns of the flattened row. */
  | { readonly kind: "key"; readonly columns: readonly string[] }
  /** The hash of the whole document, as it came. */
  | { readonly kind: "content" };

export function rootIdsOf(table: TableSchema | undefined): RootIds {
  const kind = table === undefined ? "random" : rootIdKind(table);
  if (kind !== "key") return { kind };
  const keys = [...table!.columns.values()].filter((column) => column.primary_key === true);
  return { kind, columns: keys.map(({ name }) => name) };
}

/**
 * The id of a row of a root table.
 *
 * @param values the flattened row; a key that it has not counts as NULL
 */
export function rootId(ids: RootIds, document: ExactObject, values: ReadonlyMap<string, unknown>): string {
  switch (ids.kind) {
    case "random":
      return randomId();
    case "key":
      return keyId(ids.columns.map((column) => [column, (values.get(column) ?? null) as Exact]));
    case "content":
      return contentId(document);
  }
}

/** The id that a primary key makes: columns and their values. */
export function keyId(key: readonly (readonly [column: string, value: Exact])[]): string {
  return textId(typedStringify(new Map(key), { sortKeys: true }));
}

/** The id that a document makes. dlt's own keys at its top do not count. */
export function contentId(document: ExactObject): string {
  const own = new Map([...document].filter(([key]) => !key.startsWith("_dlt")));
  return textId(typedStringify(own, { sortKeys: true }));
}
