/**
 * Reading from a dataset with SQL, over an open connection: what a destination gives to `dataset/`.
 *
 * Cells are ordinary JavaScript values: `null`, `boolean`, `string`; `number` for floats; `bigint` or `number` for
 * integers of any width; `Date` for timestamps; `Uint8Array` for bytes; texts for decimals (every digit), dates
 * (`2024-01-31`), times and whatever has no type of its own in JavaScript; parsed values for JSON columns.
 */
export interface SqlReader {
  /**
   * Rows in batches, as they arrive. Several queries may be read at the same time, one within the other.
   * Of columns with one name all are there: `n`, `n_1`.
   *
   * @param sql one statement, with parameters `$1`, `$2`, …; table names without a schema mean those of the dataset
   * @param parameters their values, in order: the same JavaScript types as the cells
   * @throws LadingError DESTINATION_FAILED where the engine refuses it
   */
  query(sql: string, parameters: readonly unknown[]): AsyncIterable<readonly Readonly<Record<string, unknown>>[]>;
  /** Names of the tables and views of the dataset, in order; none where it is not there. */
  tables(): Promise<readonly string[]>;
  /** An identifier in the quotes of the dialect, with quotes inside it escaped. */
  quote(identifier: string): string;
  /** A table of the dataset with all that it takes to name it, quoted: `"shop"."main"."orders"`. */
  qualify(table: string): string;
  close(): Promise<void>;
}
