import type { Readable, Writable } from "node:stream";

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** All that the command line takes from the outside, so that a test can give it. */
export interface Host {
  readonly stdin: Readable;
  /** Data. */
  readonly stdout: Output;
  /** Talk. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** The profile asked for on the command line. */
  readonly profile?: string;
  /** Aborted by the first SIGINT or SIGTERM; see `stopReason`. */
  readonly signal: AbortSignal;
  /** The secrets that commands have been handed out, for errors that nobody waits for. */
  readonly secrets?: Set<ReadonlyMap<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls back every so many milliseconds, until what it gives back is called. */
  readonly every: (milliseconds: number, action: () => void) => () => void;
}
