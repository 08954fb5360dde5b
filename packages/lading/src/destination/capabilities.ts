import type { MergeStrategy, ReplaceStrategy } from "../schema/merge-strategy.ts";
import type { ConventionName } from "../schema/naming/index.ts";

/** What a destination can do, as data: the normalizer and the SQL builders adapt without knowing who asks. */
export interface Capabilities {
  /** Longest name of a table or column; `undefined`: no limit that matters. */
  readonly maxIdentifierLength: number | undefined;
  /** Whether `A` and `a` are two names, or one as in DuckDB, where only ASCII letters are alike. Default: `sensitive`. */
  readonly identifierCase?: "sensitive" | "ascii-insensitive";
  /** What {@link maxIdentifierLength} counts; bytes are those of UTF-8. Default: `characters`. */
  readonly identifierUnit?: "characters" | "bytes";
  /** Names that no column can have, as the engine has columns of these names by itself: it gets a `_` before them. */
  readonly reservedColumns?: readonly string[];
  /** Digits of a `wei` that declares none, and how many of them stand after the point. Default: 38 and 0. */
  readonly weiPrecision?: readonly [precision: number, scale: number];
  /** Merge strategies; the first is the default. */
  readonly mergeStrategies: readonly MergeStrategy[];
  /** Replace strategies; the first is the default. */
  readonly replaceStrategies: readonly ReplaceStrategy[];
  /** The naming convention where the setting `schema.naming` gives none. Default: `snake_case`. */
  readonly naming?: ConventionName;
  /** Levels of nested tables where the source says nothing; 0: objects and lists stay JSON. Default: no limit. */
  readonly maxTableNesting?: number;
  /** Bytes at which a row file is closed, and may be loaded while the next one fills. Default: 8 MB. */
  readonly partBytes?: number;
  /** `false`: tables cannot be dropped or emptied. Default: `true`. */
  readonly dropsTables?: boolean;
}
