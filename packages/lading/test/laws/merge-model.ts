import { grown, type Tree } from "./tree.ts";

/** How a table is merged. */
export interface Merging {
  readonly strategy: "delete-insert" | "upsert" | "insert-only";
  /** Only with delete-insert: rows with a `g` that came are replaced too. */
  readonly byGroup: boolean;
  readonly dedupSort: "asc" | "desc" | undefined;
  /** Whether a true `gone` deletes. */
  readonly hardDelete: boolean;
}

/** A row that comes: its keys, and what decides about it. */
export interface MergedRow {
  readonly id: number;
  readonly g: number | null;
  readonly s: number | null;
  readonly gone: boolean | null;
  readonly tree: Tree;
}

/** What is in a table after a load, from what was before it: the meaning of each strategy, in memory. */
export function merged(before: readonly MergedRow[], came: readonly MergedRow[], how: Merging): readonly MergedRow[] {
  const chosen = [...new Set(came.map(({ id }) => id))].map((id) =>
    best(
      came.filter((row) => row.id === id),
      how.dedupSort,
    ),
  );
  const isGone = (row: MergedRow): boolean => how.hardDelete && row.gone === true;
  const known = new Set(before.map(({ id }) => id));
  const chosenOf = (id: number): MergedRow | undefined => chosen.find((row) => row.id === id);
  switch (how.strategy) {
    case "delete-insert": {
      const groups = new Set(how.byGroup ? came.map(({ g }) => g).filter((g) => g !== null) : []);
      const stay = before.filter(({ id, g }) => chosenOf(id) === undefined && (g === null || !groups.has(g)));
      return [...stay, ...chosen.filter((row) => !isGone(row))];
    }
    case "upsert":
      // One that is marked as deleted deletes what is there; where there is nothing to delete it is put in, without what is
      // nested in it, as in dlt.
      return [
        ...before.filter(({ id }) => chosenOf(id) === undefined),
        ...chosen
          .filter((row) => !isGone(row) || !known.has(row.id))
          .map((row) => (isGone(row) ? { ...row, tree: { ...row.tree, lists: new Map() } } : row)),
      ];
    case "insert-only": {
      const alive = chosen.filter((row) => !isGone(row));
      return [
        ...before.map((row) => {
          const other = alive.find(({ id }) => id === row.id);
          return other === undefined ? row : { ...row, tree: grown(row.tree, other.tree) };
        }),
        ...alive.filter(({ id }) => !known.has(id)),
      ];
    }
  }
}

/** Which of the rows with one key stays: the last that came; by its `s`, one without only where no other is. */
function best(rows: readonly MergedRow[], sort: Merging["dedupSort"]): MergedRow {
  const values = rows.flatMap(({ s }) => (s === null ? [] : [s]));
  if (sort === undefined || values.length === 0) return rows.at(-1)!;
  const wanted = sort === "asc" ? Math.min(...values) : Math.max(...values);
  return rows.findLast(({ s }) => s === wanted)!;
}
