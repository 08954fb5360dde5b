/** What a cell of a column needs on the fast path. Everything else goes the exact way. */
export const cellKind = { exactOnly: 0, bigint: 1, double: 2, bool: 3, text: 4, timestamp: 5 } as const;
export type CellKind = (typeof cellKind)[keyof typeof cellKind];
