/** A moment: a `Date`, or a text of ISO 8601; without an offset it is UTC. */
export type Moment = string | Date;

interface SourceFilter {
  /**
   * A condition, in the destination's SQL, on the rows of the root table that came: the others are left out, with what
   * is nested in them. Braces are doubled.
   */
  readonly sourceFilter?: string;
}

interface DestinationScope {
  /**
   * A condition, in the destination's SQL, on the rows that are there: only these are deleted or retired. `{table}` and
   * `{staging_table}` stand for the tables; other braces are doubled. Takes the place of the merge key.
   */
  readonly destinationScope?: string;
}

interface UnchangedRows {
  /** `true`: a row that equals the one that is there is left alone, its load id too. Default: `false`. */
  readonly skipUnchangedRows?: boolean;
  /** With `skipUnchangedRows`: only this column is compared. */
  readonly rowVersionColumnName?: string;
}

/** Rows whose key comes again are replaced with all that is nested in them (the default). */
export interface DeleteInsert extends SourceFilter, DestinationScope {
  readonly disposition: "merge";
  readonly strategy?: "delete-insert";
  /** `true`: the source promises that no key comes twice in a load; nothing is looked for. Default: `false`. */
  readonly deduplicated?: boolean;
}

/** Rows are updated in their place by their primary key; ids are hashes of it. */
export interface Upsert extends SourceFilter, UnchangedRows {
  readonly disposition: "merge";
  readonly strategy: "upsert";
}

/** Only rows are added whose primary key is not there; what is there is never changed. */
export interface InsertOnly {
  readonly disposition: "merge";
  readonly strategy: "insert-only";
}

/** As upsert; rows whose key did not come are deleted: the source gives all of its rows each time. */
export interface Cdc extends SourceFilter, DestinationScope, UnchangedRows {
  readonly disposition: "merge";
  readonly strategy: "cdc";
}

/** A history: a row that changed or went is retired, its successor added; two columns say when each was valid. */
export interface Scd2 extends SourceFilter, DestinationScope {
  readonly disposition: "merge";
  readonly strategy: "scd2";
  /** From, and to. Default: `_dlt_valid_from` and `_dlt_valid_to`. */
  readonly validityColumnNames?: readonly [from: string, to: string];
  /** What stands as the end of rows that are valid now. Default: NULL. */
  readonly activeRecordTimestamp?: Moment | null;
  /** When the rows of this load became valid. Default: the load's own time. One that was given stays until `null` is. */
  readonly boundaryTimestamp?: Moment | null;
  /** A column that tells versions of a row apart. Default: a hash of the row. */
  readonly rowVersionColumnName?: string;
}

/** How rows go into their table (spec dlt-core 8.1, dlt-1.31 5.1). */
export type WriteDisposition =
  | "append"
  | "replace"
  | "merge"
  | "skip"
  | { readonly disposition: "append" | "skip" }
  | {
      readonly disposition: "replace";
      /** Default: the setting `destination.replace_strategy`, else the first that the destination has. */
      readonly strategy?: "truncate-and-insert" | "insert-from-staging" | "staging-optimized";
    }
  | DeleteInsert
  | Upsert
  | InsertOnly
  | Cdc
  | Scd2;
