import { namingConvention } from "../../src/schema/naming/index.ts";
import type { Exact, ExactObject } from "../../src/util/exact.ts";

/**
 * A document as tables have it: what is no list stands in cells, by column, and each list is rows of its own, by what
 * their table's name has beyond the one above. Empty objects, empty lists and nulls leave nothing.
 */
export interface Tree<Cell = Exact> {
  readonly cells: ReadonlyMap<string, Cell>;
  readonly lists: ReadonlyMap<string, readonly Tree<Cell>[]>;
}

const naming = namingConvention("snake_case");

/** The tree of a document, by the few rules that dlt has for it (spec dlt-core 2.3, 2.4). */
export function treeOf(document: ExactObject): Tree {
  const cells = new Map<string, Exact>();
  const lists = new Map<string, readonly Tree[]>();
  const visit = (object: ExactObject, prefix: string): void => {
    for (const [key, value] of object) {
      const isBlank = key.trim() === "";
      const name = prefix + (isBlank ? "_empty" : naming.normalizePath(key));
      if (value instanceof Map) visit(value, `${name}__`);
      else if (!Array.isArray(value)) {
        if (value !== null) cells.set(name, value);
        // A list without a name is in the table of what is around it.
      } else if (value.length > 0) lists.set(isBlank ? prefix.replace(/__$/, "") : name, value.map(itemOf));
    }
  };
  visit(document, "");
  return { cells, lists };
}

function itemOf(item: Exact): Tree {
  if (item instanceof Map) return treeOf(item);
  return treeOf(new Map([[Array.isArray(item) ? "list" : "value", item]]));
}

/** What the first tree becomes when the second one is added to it: its rows stay as they are, rows that it has not are added. */
export function grown(old: Tree, other: Tree): Tree {
  const lists = new Map(old.lists);
  for (const [name, rows] of other.lists) {
    const known = lists.get(name) ?? [];
    lists.set(
      name,
      Array.from({ length: Math.max(known.length, rows.length) }, (_, index) => {
        const [row, comes] = [known[index], rows[index]];
        return row === undefined ? comes! : comes === undefined ? row : grown(row, comes);
      }),
    );
  }
  return { cells: old.cells, lists };
}
