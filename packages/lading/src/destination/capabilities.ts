/** What a destination can do, as data: the normalizer and the SQL builders adapt without knowing who asks. */
export interface Capabilities {
  /** Longest name of a table or column, in characters; `undefined`: no limit that matters. */
  readonly maxIdentifierLength: number | undefined;
  /** Merge strategies; the first is the default. */
  readonly mergeStrategies: readonly string[];
  /** Replace strategies; the first is the default. */
  readonly replaceStrategies: readonly string[];
}
