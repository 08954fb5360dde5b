import type { Fault } from "./faults.ts";

/** One request that was made to the simulator. */
export interface LogEntry {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** `null`: no status was sent. */
  readonly status: number | null;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  /** What went wrong with it on purpose. */
  readonly fault?: Fault["kind"];
}

/** The last requests, and no more of them than the limit. */
export interface RequestLog {
  add(entry: LogEntry): void;
  /** The oldest first. */
  entries(): readonly LogEntry[];
}

/** A log that is empty. */
export function requestLog(limit: number): RequestLog {
  const kept: LogEntry[] = [];
  return {
    add: (entry) => {
      kept.push(entry);
      if (kept.length > limit) kept.shift();
    },
    entries: () => [...kept],
  };
}
