import type { Destination } from "../../destination/destination.ts";
import type { MergeStrategy, ReplaceStrategy } from "../../schema/merge-strategy.ts";
import type { LineFault } from "../wire/postgres-line.ts";

/**
 * What some cases need beside a destination.
 *
 * - `statements`: SQL by hand, {@link DestinationPlace.execute}
 * - `read-only account`: {@link DestinationPlace.readOnly}
 * - `line`: a connection that can be cut, {@link DestinationPlace.line}
 * - the strategies that its capabilities name
 */
export type Need =
  | "statements"
  | "read-only account"
  | "line"
  | `merge: ${MergeStrategy}`
  | `replace: ${ReplaceStrategy}`;

/** A destination that is to pass the suite. */
export interface DestinationSubject {
  readonly name: string;
  /** Opens an empty place, for one case alone. Places are opened one after the other. */
  open(): Promise<DestinationPlace>;
  /** What there is not, and why: cases that need it are left out by this reason. Default: everything is there. */
  readonly missing?: Readonly<Partial<Record<Need, string>>>;
}

/** Where the cases of a subject load to. */
export interface DestinationPlace {
  readonly destination: Destination;
  /** Runs a statement in the destination's own SQL as someone who may do everything; names are qualified and quoted. */
  readonly execute?: (statement: string) => Promise<void>;
  /** The same place for a user who may look at everything and change nothing. */
  readonly readOnly?: Destination;
  /**
   * The same place behind a line that is cut.
   * @param fault none: the line only counts
   */
  readonly line?: (fault?: LineFault) => Promise<DestinationLine>;
  /** Removes everything. */
  cleanup(): Promise<void>;
}

/** A destination behind a line that can be cut: see {@link postgresLine}. */
export interface DestinationLine {
  readonly destination: Destination;
  /** What went over the line, in order. */
  readonly statements: readonly string[];
  /** What it was cut at; `undefined`: it was not. */
  readonly struck: string | undefined;
  close(): Promise<void>;
}
