import type { ErrorCode } from "../errors/index.ts";
import type { RunEvent } from "./events.ts";
import type { PendingPackage } from "./pending-package.ts";
import type { LoadResult, RunResult } from "./result.ts";

/** What was called. */
export type RunCommand = "run" | "extract" | "load";

/** A part of a run. Extraction and loading take turns where a pull commits along the way. */
export interface TraceStep {
  /** `begin`: settings, the lock, what the destination has of state and schemas. */
  readonly step: "begin" | "extract" | "load";
  /** Of the package that was loaded. */
  readonly loadId?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: "done" | "failed";
}

/** A setting that a run found, and where: never its value. */
export interface TraceSetting {
  /** `sources.shop.api_key` */
  readonly key: string;
  /** `SOURCES__SHOP__API_KEY in environment`; missing where the provider does not tell. */
  readonly place?: string;
  readonly isSecret: boolean;
}

/** Why a run failed, without secrets. */
export interface TraceError {
  readonly code: ErrorCode | "UNKNOWN";
  readonly message: string;
  readonly hint?: string;
  readonly stack?: string;
  /** The messages of its causes, outermost first. */
  readonly causes: readonly string[];
}

/** What a run did, as `pipeline.lastRun()` gives it. Only data: it is kept as JSON in the working folder. */
export interface RunTrace {
  readonly format: 1;
  /** Drawn for each run. */
  readonly id: string;
  readonly command: RunCommand;
  readonly pipeline: string;
  readonly destination: string;
  /** Where the data is, without secrets. */
  readonly location: string;
  readonly dataset: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: "done" | "failed";
  /** As in the result; missing where the run failed. */
  readonly kind?: RunResult["kind"];
  /** The newest hundred. */
  readonly steps: readonly TraceStep[];
  /** What was loaded, the newest hundred; with rows and bytes by table. */
  readonly loads: readonly LoadResult[];
  /** What waits to be loaded after the run. */
  readonly pending: readonly PendingPackage[];
  /** What was read, by resource. */
  readonly resources: RunResult["resources"];
  readonly warnings: readonly string[];
  readonly settings: readonly TraceSetting[];
  readonly error?: TraceError;
}

/** So many steps and packages are kept. */
export const mostInTrace = 100;

/** The steps of a run, put together from its events. */
export interface StepRecorder {
  event(event: RunEvent): void;
  /** With the one that is under way. `at`: milliseconds since 1970. */
  steps(outcome: TraceStep["outcome"], at: number): readonly TraceStep[];
}

/** @param startedAt milliseconds since 1970 */
export function stepRecorder(startedAt: number): StepRecorder {
  const done: TraceStep[] = [];
  let open: Pick<TraceStep, "step" | "loadId"> & { readonly at: number } = { step: "begin", at: startedAt };

  const close = (outcome: TraceStep["outcome"], at: number): TraceStep => ({
    step: open.step,
    ...(open.loadId === undefined ? {} : { loadId: open.loadId }),
    startedAt: new Date(open.at).toISOString(),
    finishedAt: new Date(at).toISOString(),
    outcome,
  });
  const turn = (next: Pick<TraceStep, "step" | "loadId">, at: number): void => {
    if (next.step === open.step && next.loadId === open.loadId) return;
    done.push(close("done", at));
    if (done.length >= mostInTrace) done.shift();
    open = { ...next, at };
  };

  return {
    event(event) {
      switch (event.type) {
        case "resource-started":
        case "page":
          return turn({ step: "extract" }, event.at);
        case "resumed":
          return event.what === "package" && event.loadId !== undefined
            ? turn({ step: "load", loadId: event.loadId }, event.at)
            : undefined;
        case "load-started":
          return turn({ step: "load", loadId: event.loadId }, event.at);
        default:
          return undefined;
      }
    },
    steps: (outcome, at) => [...done, close(outcome, at)],
  };
}
