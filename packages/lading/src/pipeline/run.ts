import { cleanError } from "../config/clean-error.ts";
import type { Config } from "../config/config.ts";
import { mask } from "../config/mask.ts";
import { readSetting } from "../config/read-setting.ts";
import type { DestinationClient } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import { createDisk } from "../load-package/disk.ts";
import type { Manifest } from "../load-package/manifest.ts";
import type { SealedPackage } from "../load-package/package-store.ts";
import { chooseSources, resourceLabels } from "./choose-sources.ts";
import { surroundings } from "./environment.ts";
import type { RunEvent, WithoutTime } from "./events.ts";
import { giveUpWhereAsked } from "./give-up.ts";
import type { Job } from "./job.ts";
import { keepLastRun, traceError } from "./last-run.ts";
import { runLimits } from "./limits.ts";
import { loadAndKeep, type LoadAndKeepOptions } from "./load-and-keep.ts";
import { loadPending } from "./load-pending.ts";
import { lockPipeline } from "./lock.ts";
import { makeJob } from "./make-job.ts";
import { noteFailure } from "./note-failure.ts";
import { pendingPackage, type PendingPackage } from "./pending-package.ts";
import { isPulling } from "./pull.ts";
import { readSources } from "./read-sources.ts";
import { refreshMode } from "./refresh.ts";
import { passSealed, remainingSources, type RemainingSources } from "./remaining-sources.ts";
import type { LoadResult, RunResult } from "./result.ts";
import type { PipelineParts, RunOptions } from "./run-options.ts";
import { mostInTrace, stepRecorder, type RunCommand, type RunTrace, type StepRecorder } from "./run-trace.ts";
import { summary } from "./summary.ts";

/** One run of a pipeline: unfinished work first; else extract, seal and load. Or one half of that. */
export async function runPipeline(
  parts: PipelineParts,
  options: RunOptions,
  command: RunCommand = "run",
): Promise<RunResult> {
  const now = options.now ?? Date.now;
  const startedAt = now();
  const recorder = stepRecorder(startedAt);
  const emit = (event: WithoutTime<RunEvent>): void => {
    const timed = { ...event, at: now() };
    recorder.event(timed);
    options.onEvent?.(timed);
  };
  const run = new Run({ parts, options, command, now, startedAt, recorder, emit });
  try {
    const result = await run.go();
    emit({ type: "run-finished", milliseconds: now() - startedAt, loadIds: result.loads.map((load) => load.loadId) });
    return result;
  } catch (thrown) {
    const error = cleanError(thrown, run.clean);
    emit({
      type: "run-failed",
      milliseconds: now() - startedAt,
      code: LadingError.is(error) ? error.code : "UNKNOWN",
      message: error instanceof Error ? error.message : String(error),
      ...(LadingError.is(error) ? { hint: error.hint } : {}),
    });
    throw error;
  }
}

interface RunContext {
  readonly parts: PipelineParts;
  readonly options: RunOptions;
  readonly command: RunCommand;
  readonly now: () => number;
  readonly startedAt: number;
  readonly recorder: StepRecorder;
  readonly emit: (event: WithoutTime<RunEvent>) => void;
}

type Ended = { readonly kind: RunResult["kind"] } | { readonly error: unknown };

class Run {
  readonly #context: RunContext;
  readonly #emit: (event: WithoutTime<RunEvent>) => void;
  readonly #signal: AbortSignal;
  readonly #warnings: string[] = [];
  readonly #loads: LoadResult[] = [];
  #config: Config | undefined;
  #resources: Manifest["resources"] = {};
  #location = "";

  constructor(context: RunContext) {
    this.#context = context;
    this.#signal = context.options.signal ?? new AbortController().signal;
    this.#emit = (event) => {
      const cleaned = "message" in event ? { ...event, message: this.clean(event.message) } : event;
      if (cleaned.type === "warning") this.#warnings.push(cleaned.message);
      context.emit(cleaned);
    };
  }

  /** Takes the secrets that were handed out so far out of a text. */
  readonly clean = (text: string): string => (this.#config === undefined ? text : mask(text, this.#config.secrets));

  async go(): Promise<RunResult> {
    const { parts, options, command, now } = this.#context;
    if (this.#signal.aborted) {
      throw new LadingError("ABORTED", "The run was stopped before it began.", { cause: this.#signal.reason });
    }
    const around = await surroundings(parts, { ...options, signal: this.#signal });
    this.#config = around.config;
    const chosen = chooseSources(around.sources, options.resources);
    const limits = runLimits(options, around.config);
    const { destination, name } = parts;
    const refresh = refreshMode(options.refresh, around.config, name);
    this.#location = destination.describe(around.where);
    this.#emit({ type: "run-started", pipeline: name, destination: destination.name, dataset: around.dataset });

    const disk = options.disk ?? createDisk();
    const lock = await lockPipeline({ folder: around.folder, disk, now, epoch: crypto.randomUUID() });
    try {
      if (around.isDev) await parts.instance.begin(disk, around.folder);
      for (const message of around.notes) this.#emit({ type: "warning", message });
      const names = chosen.map(({ schemaName }) => schemaName);
      const remaining = await remainingSources(disk, around.folder, names, { resources: options.resources, refresh });
      const job: Job = makeJob({
        around,
        parts,
        options,
        refresh,
        now,
        disk,
        emit: this.#emit,
        signal: this.#signal,
        loads: command !== "extract",
        minFreeDisk: limits.minFreeDisk,
        verify: () => lock.verify(),
        note: (schemaName, resources) => this.#note(job, schemaName, resources),
        load: (client, sealed, early) => {
          const committed = async (): Promise<void> => {
            if (!isPulling(sealed)) await remaining.done(sealed.manifest.schema);
          };
          return this.#load(job, remaining, client, sealed, { early, committed, keep: limits.keep });
        },
      });
      try {
        const kind = await this.#work(job, chosen, remaining);
        const pending = await this.#end(job, { kind });
        return this.#result(job, kind, pending);
      } catch (thrown) {
        const error = cleanError(thrown, this.clean);
        // Of a run that lost its lock there is nothing to tell: another one is at work.
        if (!LadingError.is(error, "PIPELINE_LOCKED")) await this.#end(job, { error });
        throw error;
      }
    } finally {
      await lock.release();
    }
  }

  async #work(
    job: Job,
    chosen: Parameters<typeof readSources>[1],
    remaining: RemainingSources,
  ): Promise<RunResult["kind"]> {
    const { options, command } = this.#context;
    if (command === "load") {
      const { any } = await loadPending(job, remaining, true);
      return any ? "new" : "nothing";
    }
    if (options.fresh === true) await remaining.forget();
    if (command === "extract") {
      await passSealed(job, remaining);
      return readSources(job, chosen, remaining);
    }
    const pending = await loadPending(job, remaining, false);
    const isAll = pending.any && !pending.isPulling && remaining.known === undefined;
    if (!isAll) return readSources(job, chosen, remaining);
    if (job.refresh !== undefined) {
      const message = `Nothing was begun anew (${job.refresh}): unfinished work of an earlier run was finished first. Run again.`;
      this.#emit({ type: "warning", message });
    }
    return "unfinished";
  }

  async #load(
    job: Job,
    remaining: RemainingSources,
    client: DestinationClient,
    sealed: SealedPackage,
    how: Pick<LoadAndKeepOptions, "early" | "committed" | "keep">,
  ): Promise<void> {
    this.#note(job, sealed.manifest.schema, sealed.manifest.resources);
    try {
      const result = await loadAndKeep(client, sealed, {
        ...job,
        ...how,
        location: this.#location,
        warnings: this.#warnings,
      });
      this.#loads.push(result);
    } catch (thrown) {
      const error = cleanError(thrown, this.clean);
      await noteFailure(job, sealed.folder, error);
      throw await giveUpWhereAsked(job, remaining, client, sealed, error);
    }
  }

  #note(job: Job, schemaName: string, resources: Manifest["resources"]): void {
    const label = resourceLabels(job.sources);
    const labelled = Object.entries(resources).map(([name, counts]) => [label(schemaName, name), counts] as const);
    this.#resources = { ...this.#resources, ...Object.fromEntries(labelled) };
  }

  #result(job: Job, kind: RunResult["kind"], pending: readonly PendingPackage[]): RunResult {
    const { parts, startedAt, now } = this.#context;
    const result: RunResult = {
      pipeline: parts.name,
      destination: parts.destination.name,
      location: this.#location,
      dataset: job.dataset,
      startedAt: new Date(startedAt),
      milliseconds: now() - startedAt,
      kind,
      loads: this.#loads,
      pending,
      resources: this.#resources,
      warnings: this.#warnings,
      toString: () => summary(result),
    };
    return result;
  }

  /** Keeps the trace; a run does not fail for it. @returns what waits after the run */
  async #end(job: Job, ended: Ended): Promise<readonly PendingPackage[]> {
    const { parts, command, now, startedAt, recorder } = this.#context;
    try {
      const pending = await Promise.all((await job.store.pending()).map((one) => pendingPackage(job, one)));
      if (readSetting(job.config, "enable_runtime_trace", "bool") === false) return pending;
      const at = now();
      const outcome = "error" in ended ? "failed" : "done";
      const trace: RunTrace = {
        format: 1,
        id: crypto.randomUUID(),
        command,
        pipeline: parts.name,
        destination: parts.destination.name,
        location: this.#location,
        dataset: job.dataset,
        startedAt: new Date(startedAt).toISOString(),
        finishedAt: new Date(at).toISOString(),
        outcome,
        ...("error" in ended ? {} : { kind: ended.kind }),
        steps: recorder.steps(outcome, at),
        loads: this.#loads.slice(-mostInTrace),
        pending,
        resources: this.#resources,
        warnings: this.#warnings.slice(-mostInTrace),
        settings: job.settings(),
        ...("error" in ended ? { error: traceError(ended.error) } : {}),
      };
      await keepLastRun(job, trace);
      return pending;
    } catch (error) {
      const message = `What the run did could not be kept for lastRun(): ${error instanceof Error ? error.message : String(error)}`;
      this.#emit({ type: "warning", message });
      return [];
    }
  }
}
