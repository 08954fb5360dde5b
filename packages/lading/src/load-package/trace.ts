/**
 * What a load did, as it is kept beside the manifest of a loaded package, in `trace.json`. It is there as soon as the load
 * is committed, and says so also where the process ended before it could tidy up.
 */
export interface LoadTrace {
  readonly format: 1;
  /** ISO 8601, UTC. */
  readonly committedAt: string;
  /** How long the load took. */
  readonly milliseconds: number;
  /** Where the rows are: a path or an address without secrets. */
  readonly location: string;
  /** By table. `removed` and `total` are those of the table in the destination; `total` is 0 where it cannot tell. */
  readonly tables: Readonly<
    Record<string, { readonly rows: number; readonly bytes: number; readonly removed: number; readonly total: number }>
  >;
  /** Tables and columns that were made. */
  readonly changes: readonly { readonly table: string; readonly added: readonly string[] }[];
  /** What the run had warned of up to then. */
  readonly warnings: readonly string[];
}

/** The file of a {@link LoadTrace} in its package. */
export const traceFile = "trace.json";
