import { cleanError } from "../config/clean-error.ts";
import type { Config } from "../config/config.ts";
import { mask } from "../config/mask.ts";
import type { DestinationClient } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import { createDisk } from "../load-package/disk.ts";
import type { Manifest } from "../load-package/manifest.ts";
import { openPackageStore, type SealedPackage } from "../load-package/package-store.ts";
import { stateFromText } from "../state/pipeline-state.ts";
import { chooseSources, resourceLabels } from "./choose-sources.ts";
import { surroundings } from "./environment.ts";
import type { RunEvent, WithoutTime } from "./events.ts";
import { checkFreeDisk } from "./free-disk.ts";
import type { Job } from "./job.ts";
import { runLimits } from "./limits.ts";
import { loadAndKeep, type LoadAndKeepOptions } from "./load-and-keep.ts";
import { lockPipeline } from "./lock.ts";
import { hasPull } from "./pull.ts";
import { readSources } from "./read-sources.ts";
import { remainingSources } from "./remaining-sources.ts";
import type { LoadResult, RunResult } from "./result.ts";
import type { PipelineParts, RunOptions } from "./run-options.ts";
import { maySetAside, setAside } from "./set-aside.ts";
import { summary } from "./summary.ts";

/** One run of a pipeline: unfinished work first; else extract, seal and load. */
export async function runPipeline(parts: PipelineParts, options: RunOptions): Promise<RunResult> {
  const now = options.now ?? Date.now;
  const startedAt = now();
  const emit = (event: WithoutTime<RunEvent>): void => options.onEvent?.({ ...event, at: now() });
  const run = new Run(parts, options, now, emit);
  try {
    const result = await run.go(startedAt);
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

class Run {
  readonly #parts: PipelineParts;
  readonly #options: RunOptions;
  readonly #now: () => number;
  readonly #emit: (event: WithoutTime<RunEvent>) => void;
  readonly #signal: AbortSignal;
  readonly #warnings: string[] = [];
  readonly #loads: LoadResult[] = [];
  #config: Config | undefined;
  #resources: Manifest["resources"] = {};
  /** The package that was loaded last is a part of a pull that goes on. */
  #hasPull = false;

  constructor(
    parts: PipelineParts,
    options: RunOptions,
    now: () => number,
    emit: (event: WithoutTime<RunEvent>) => void,
  ) {
    this.#parts = parts;
    this.#options = options;
    this.#now = now;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#emit = (event) => {
      const cleaned = "message" in event ? { ...event, message: this.clean(event.message) } : event;
      if (cleaned.type === "warning") this.#warnings.push(cleaned.message);
      emit(cleaned);
    };
  }

  /** Takes the secrets that were handed out so far out of a text. */
  readonly clean = (text: string): string => (this.#config === undefined ? text : mask(text, this.#config.secrets));

  async go(startedAt: number): Promise<RunResult> {
    const { name, destination } = this.#parts;
    if (this.#signal.aborted) {
      throw new LadingError("ABORTED", "The run was stopped before it began.", { cause: this.#signal.reason });
    }
    const around = await surroundings(this.#parts, { ...this.#options, signal: this.#signal });
    this.#config = around.config;
    const { dataset, folder, where } = around;
    const chosen = chooseSources(around.sources, this.#options.resources);
    const limits = runLimits(this.#options, around.config);
    const location = destination.describe(where);
    this.#emit({ type: "run-started", pipeline: name, destination: destination.name, dataset });

    const disk = this.#options.disk ?? createDisk();
    const lock = await lockPipeline({ folder, disk, now: this.#now, epoch: crypto.randomUUID() });
    try {
      const job: Job = {
        ...around,
        parts: this.#parts,
        options: this.#options,
        now: this.#now,
        emit: this.#emit,
        signal: this.#signal,
        disk,
        store: openPackageStore(folder, disk, this.#options.partBytes),
        connect: () => destination.connect(where),
        verify: () => lock.verify(),
        checkDisk: () => checkFreeDisk(disk, folder, limits.minFreeDisk),
        note: (schemaName, resources) => this.#note(job, schemaName, resources),
        load: (client, sealed, early) => {
          const committed = async (): Promise<void> => {
            if (!isPulling(sealed)) await remaining.done(sealed.manifest.schema);
          };
          return this.#load(job, client, sealed, { early, location, committed, keep: limits.keep });
        },
      };
      const names = chosen.map(({ schemaName }) => schemaName);
      const remaining = await remainingSources(disk, folder, names, this.#options.resources);
      if (this.#options.fresh === true) await remaining.forget();
      const isPending = await this.#loadPending(job);
      const isAll = isPending && !this.#hasPull && remaining.known === undefined;
      const kind = isAll ? "unfinished" : await readSources(job, chosen, remaining);
      const result: RunResult = {
        pipeline: name,
        destination: destination.name,
        location,
        dataset,
        startedAt: new Date(startedAt),
        milliseconds: this.#now() - startedAt,
        kind,
        loads: this.#loads,
        resources: this.#resources,
        warnings: this.#warnings,
        toString: () => summary(result),
      };
      return result;
    } finally {
      await lock.release();
    }
  }

  /** Loads what earlier runs sealed. @returns whether there was anything */
  async #loadPending(job: Job): Promise<boolean> {
    const pending = await job.store.pending();
    if (pending.length === 0) return false;
    await using client = await job.connect();
    let loaded = false;
    for (const sealed of pending) {
      const { loadId } = sealed.manifest;
      this.#emit({
        type: "resumed",
        what: "package",
        loadId,
        message: `The package ${loadId} of an earlier run is loaded first; nothing new is read in this run.`,
      });
      try {
        await job.load(client, sealed);
        this.#hasPull = isPulling(sealed);
        loaded = true;
      } catch (thrown) {
        const error = cleanError(thrown, this.clean);
        if (this.#options.fresh !== true || !maySetAside(error)) throw error;
        this.#emit({ type: "warning", message: await setAside(job.disk, job.folder, sealed, error) });
      }
    }
    return loaded;
  }

  async #load(
    job: Job,
    client: DestinationClient,
    sealed: SealedPackage,
    how: Pick<LoadAndKeepOptions, "early" | "location" | "committed" | "keep">,
  ): Promise<void> {
    this.#note(job, sealed.manifest.schema, sealed.manifest.resources);
    const result = await loadAndKeep(client, sealed, { ...job, ...how, warnings: this.#warnings });
    this.#loads.push(result);
  }
  #note(job: Job, schemaName: string, resources: Manifest["resources"]): void {
    const label = resourceLabels(job.sources);
    const labelled = Object.entries(resources).map(([name, counts]) => [label(schemaName, name), counts] as const);
    this.#resources = { ...this.#resources, ...Object.fromEntries(labelled) };
  }
}

/** Whether a package is a part of a pull that goes on. */
function isPulling({ state, manifest }: SealedPackage): boolean {
  return hasPull(stateFromText(state), manifest.schema);
}
