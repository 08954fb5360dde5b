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

/** What each disposition means, for rows with the key `id`. */
export type How = "append" | "replace" | "delete-insert" | "upsert" | "insert-only" | "cdc";

/** A row that is there. Only where its id is the hash of its key can insert-only find its lists. */
export interface Entry {
  readonly document: Document;
  readonly hashed: boolean;
}

/** What is there after a load. */
export function afterLoad(state: readonly Entry[], how: How, rows: readonly Document[]): readonly Entry[] {
  if (rows.length === 0) return how === "replace" ? [] : state;
  if (how === "append") return [...state, ...rows.map((document) => ({ document, hashed: false }))];
  if (how === "replace") return rows.map((document) => ({ document, hashed: false }));
  const came = new Map(rows.map((document) => [document.id, document]));
  if (how === "insert-only") {
    const known = new Set(state.map(({ document }) => document.id));
    return [
      ...state.map((entry) => {
        const other = came.get(entry.document.id);
        return other === undefined || !entry.hashed ? entry : { ...entry, document: grown(entry.document, other) };
      }),
      ...[...came.values()].filter(({ id }) => !known.has(id)).map((document) => ({ document, hashed: true })),
    ];
  }
  const stay = how === "cdc" ? [] : state.filter(({ document }) => !came.has(document.id));
  return [...stay, ...[...came.values()].map((document) => ({ document, hashed: how !== "delete-insert" }))];
}

/** What is there stays; what lies beyond the end of a list is added. */
function grown(old: Document, other: Document): Document {
  const list = <T>(has: readonly T[], comes: readonly T[], both: (a: T, b: T) => T): readonly T[] => [
    ...has.map((one, index) => (index < comes.length ? both(one, comes[index]!) : one)),
    ...comes.slice(has.length),
  ];
  const part = (a: Part, b: Part): Part => ({ ...a, n: list(a.n, b.n, (one) => one) });
  const item = (a: Item, b: Item): Item => ({ ...a, m: list(a.m, b.m, part) });
  return { ...old, l: list(old.l, other.l, item) };
}
