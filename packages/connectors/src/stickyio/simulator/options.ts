import type { Faults } from "./faults.ts";
import type { LogEntry } from "./request-log.ts";

/** How a simulator is set up. Everything may be left out. */
export interface SimulatorOptions {
  /** Number of orders, up to a thousand million; the other tables follow. Rows are computed when asked for. Default: 1000. */
  readonly rows?: number;
  /** The same seed and rows, the same data, always. Default: 1. */
  readonly seed?: number;
  /** Rows on a page, 1 to 10,000. Default: 100. */
  readonly perPage?: number;
  /** Default: `demo`. */
  readonly username?: string;
  /** Default: `demo`. */
  readonly password?: string;
  /** Holds the lists that are read with GET to 120 requests a minute each. Default: `false`, so that loads are fast. */
  readonly limitLists?: boolean;
  /** Gives orders a whole number beyond 2^53 (`network_reference_id`). Default: `false`. */
  readonly bigIds?: boolean;
  readonly faults?: Faults;
  /** Milliseconds since 1970; used by limits, the log, `touch` and `grow`, never by the data. Default: the machine's clock. */
  readonly now?: () => number;
  /** How a latency is waited for. Default: a timer. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Is told of every request. */
  readonly log?: (entry: LogEntry) => void;
}

/** @throws RangeError where a number of the options is out of its range. */
export function checkOptions({ rows = 0, seed = 0, perPage = 1 }: SimulatorOptions): void {
  inRange("rows", rows, 0, 1_000_000_000);
  inRange("seed", seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  inRange("perPage", perPage, 1, 10_000);
}

/** @throws RangeError where a value is not a whole number within bounds. */
export function inRange(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${name} is ${value}; it must be a whole number from ${least} to ${most}.`);
}
