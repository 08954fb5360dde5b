/** How much of a table's data a contract left out. */
export interface DiscardCount {
  /** Rows, not counting what is nested in them. */
  readonly rows: number;
  /** Values of rows that were loaded without them. */
  readonly values: number;
}

/** By table. */
export type DiscardCounts = Readonly<Record<string, DiscardCount>>;

/** Pure: the counts with one row or value more. */
export function countDiscarded(counts: DiscardCounts, table: string, what: "row" | "value"): DiscardCounts {
  const { rows, values } = counts[table] ?? { rows: 0, values: 0 };
  const next = what === "row" ? { rows: rows + 1, values } : { rows, values: values + 1 };
  return { ...counts, [table]: next };
}
