import type { Config } from "../config/config.ts";
import type { Destination, DestinationClient, EarlyLoad } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import { descendants, resourceTrees } from "../extract/tree.ts";
import { createDisk, type Disk } from "../load-package/disk.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import type { JournalState } from "../load-package/journal.ts";
import type { Manifest } from "../load-package/manifest.ts";
import { latestLoadId } from "../load-package/load-ids.ts";
import { openPackageStore, type PackageStore, type SealedPackage } from "../load-package/package-store.ts";
import { dispositionOf } from "../normalize/declare-disposition.ts";
import { checkContract } from "../resource/check-contract.ts";
import type { SchemaContract } from "../resource/hints.ts";
import type { Source } from "../resource/source.ts";
import { schemaFromText, schemaToText } from "../schema/wire.ts";
import { resetResourceState, stateFromText, stateToText } from "../state/pipeline-state.ts";
import { checkTables } from "./check-tables.ts";
import { EarlyLoading } from "./early-loading.ts";
import { surroundings, type Surroundings } from "./environment.ts";
import type { EventListener, RunEvent } from "./events.ts";
import { extract, type WithoutTime } from "./extraction.ts";
import { fingerprint } from "./fingerprint.ts";
import { checkFreeDisk } from "./free-disk.ts";
import { keepsDiscarded, runLimits } from "./limits.ts";
import { nextLoadId } from "./load-id.ts";
import { loadAndKeep } from "./load-and-keep.ts";
import { lockPipeline } from "./lock.ts";
import { beginPackageSchema } from "./package-schema.ts";
import { replacedFromStaging } from "./replaced-from-staging.ts";
import { restore } from "./restore.ts";
import type { LoadResult, RunResult } from "./result.ts";
import { sealDraft, type FullDraft } from "./seal.ts";
import { maySetAside, setAside } from "./set-aside.ts";
import { summary } from "./summary.ts";
import { keepUnloadedSchema, unloadedSchema } from "./unloaded-schema.ts";

/** What a pipeline consists of, settled. */
export interface PipelineParts {
  readonly name: string;
  readonly source: Source;
  readonly destination: Destination;
  readonly dataset: string | undefined;
  readonly workingFolder: string | undefined;
  readonly schemaContract: SchemaContract | undefined;
}

/** How one run is to be done. */
export interface RunOptions {
  /** Stops the run at its next checkpoint; what was read is kept, and the next run goes on from there. */
  readonly signal?: AbortSignal;
  readonly onEvent?: EventListener;
  /**
   * Drops unfinished extraction of an earlier run, and begins anew. A sealed package is still loaded first; one that the
   * destination refuses for good (`CONFLICT`, say) is set aside with a warning.
   */
  readonly fresh?: boolean;
  /** For this run, in the place of the contracts of source and resources; it stays with the tables. Default: the pipeline's. */
  readonly schemaContract?: SchemaContract;
  /** Only these resources. */
  readonly resources?: readonly string[];
  /** Settings. Default: the environment, `.env` and `.dlt/` of the project. */
  readonly config?: Config;
  /** Committed loads of which schema, journal and trace are kept. Default: the setting `runtime.keep`, else 20. */
  readonly keep?: number;
  /**
   * Keeps what contracts leave out in files of the package, as lines of JSON (`discarded/`), as long as `keep` keeps the
   * load. They hold the rows' data. Default: the setting `runtime.keep_discarded`, else `false`.
   */
  readonly keepDiscarded?: boolean;
  /** Bytes at which a row file of the package is closed, and the next one begun. Default: 8 MB. */
  readonly partBytes?: number;
  /**
   * Bytes that must be free where the working folder is: with less nothing is read, or the run stops at its next
   * checkpoint with `DISK_LOW`. Default: the setting `runtime.min_free_disk`, else 100 MB.
   */
  readonly minFreeDisk?: number;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
  /** The disk; for tests of crashes. */
  readonly disk?: Disk;
}

/** One run of a pipeline: unfinished work first; else extract, seal and load. */
export async function runPipeline(parts: PipelineParts, options: RunOptions): Promise<RunResult> {
  const now = options.now ?? Date.now;
  const startedAt = now();
  const emit = (event: WithoutTime<RunEvent>): void => options.onEvent?.({ ...event, at: now() });
  try {
    const result = await new Run(parts, options, now, emit).go(startedAt);
    emit({ type: "run-finished", milliseconds: now() - startedAt, loadIds: result.loads.map((load) => load.loadId) });
    return result;
  } catch (error) {
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
  #resources: Manifest["resources"] = {};

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
      if (event.type === "warning") this.#warnings.push(event.message);
      emit(event);
    };
  }

  async go(startedAt: number): Promise<RunResult> {
    const { name, destination } = this.#parts;
    if (this.#signal.aborted) {
      throw new LadingError("ABORTED", "The run was stopped before it began.", { cause: this.#signal.reason });
    }
    const around = await surroundings(this.#parts, this.#signal, this.#options.config);
    const { dataset, folder, where } = around;
    const limits = runLimits(this.#options, around.config);
    const location = destination.describe(where);
    this.#emit({ type: "run-started", pipeline: name, destination: destination.name, dataset });

    const disk = this.#options.disk ?? createDisk();
    const lock = await lockPipeline({ folder, disk, now: this.#now, epoch: crypto.randomUUID() });
    try {
      const job: Job = {
        ...around,
        location,
        keep: limits.keep,
        disk,
        store: openPackageStore(folder, disk, this.#options.partBytes),
        connect: () => destination.connect(where),
        verify: () => lock.verify(),
        checkDisk: () => checkFreeDisk(disk, folder, limits.minFreeDisk),
      };
      const kind = (await this.#loadPending(job)) ? "unfinished" : await this.#extractAndLoad(job);
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
        await this.#load(job, client, sealed);
        loaded = true;
      } catch (error) {
        if (this.#options.fresh !== true || !maySetAside(error)) throw error;
        this.#emit({ type: "warning", message: await setAside(job.disk, job.folder, sealed, error) });
      }
    }
    return loaded;
  }

  async #load(job: Job, client: DestinationClient, sealed: SealedPackage, early?: EarlyLoad): Promise<void> {
    this.#resources = sealed.manifest.resources;
    const result = await loadAndKeep(client, sealed, {
      ...job,
      early,
      emit: this.#emit,
      now: this.#now,
      signal: this.#signal,
      warnings: this.#warnings,
    });
    this.#loads.push(result);
  }

  async #extractAndLoad(job: Job): Promise<RunResult["kind"]> {
    const { source, destination } = this.#parts;
    const trees = resourceTrees(source.resources, this.#options.resources);
    checkTables(trees, job.names);
    const staged = replacedFromStaging(trees, job.names, destination, job.config);
    const contract = this.#options.schemaContract ?? this.#parts.schemaContract;
    checkContract("the run", contract);
    const print = fingerprint(source, this.#options.resources, job.dataset, contract);
    await job.checkDisk();
    const left = await this.#openDraft(job, print);
    const begun = left ?? (await this.#beginDraft(job, print));
    const { draft } = begun;
    const base = schemaFromText(draft.header.schema);
    const state = stateFromText(draft.header.state);
    for (const node of trees.flatMap(descendants)) {
      if (dispositionOf(node.resource.hints.writeDisposition) !== "replace") continue;
      resetResourceState(state, job.schemaName, node.resource.name);
    }
    const schemas = beginPackageSchema(base, {
      maxTableNesting: source.maxTableNesting ?? destination.capabilities.maxTableNesting,
      rootKey: source.rootKey,
      schemaContract: contract ?? source.schemaContract,
    });
    const newestHere = latestLoadId(begun.lastLoadId, await job.store.newest());
    const drawLoadId = async (to: DestinationClient | undefined): Promise<string> =>
      nextLoadId(this.#now(), latestLoadId(await to?.lastLoadId(), newestHere));
    await using early = new EarlyLoading({
      draft,
      schema: schemas.inferred,
      connect: job.connect,
      drawLoadId,
      replacedFromStaging: staged,
      now: this.#now,
    });
    const extraction = await extract({
      source: job.schemaName,
      trees,
      draft,
      journal: left?.journal,
      schemas,
      schemaContract: contract,
      names: job.names,
      destination,
      state,
      config: job.config,
      signal: this.#signal,
      now: this.#now,
      emit: this.#emit,
      verify: job.verify,
      early,
      keepDiscarded: keepsDiscarded(this.#options.keepDiscarded, job.config),
      checkDisk: job.checkDisk,
    });
    await draft.close();

    // Connected before the seal, so that the load id is later than the newest that is there.
    const ahead = await early.settle();
    let client = ahead?.client;
    let down: unknown;
    try {
      client ??= await job.connect();
    } catch (error) {
      down = error;
    }
    try {
      const loadId = ahead?.loadId ?? (await drawLoadId(client));
      const full = { draft, extraction, schemas, base, state, source: job.schemaName, replacedFromStaging: staged };
      const sealed = await this.#seal(job, full, loadId);
      if (sealed === undefined) return left === undefined ? "nothing" : "unfinished";
      if (client === undefined) throw down;
      await this.#load(job, client, sealed, ahead?.load);
    } finally {
      await client?.close();
    }
    return left === undefined ? "new" : "unfinished";
  }

  async #openDraft(job: Job, print: string): Promise<Begun | undefined> {
    let found: Omit<Begun, "lastLoadId"> | undefined;
    try {
      found = await job.store.openDraft();
    } catch (error) {
      if (!LadingError.is(error, "PACKAGE_CORRUPT")) throw error;
      // It promises nothing that its source does not have.
      await job.store.dropDraft();
      this.#emit({
        type: "warning",
        message: `${error.message} It is dropped, and the source is read from its start.`,
      });
    }
    if (found === undefined) return undefined;
    const { header } = found.draft;
    const message =
      this.#options.fresh === true
        ? "What an earlier run had read is dropped, as asked for."
        : header.fingerprint !== print
          ? "What an earlier run had read is dropped: its source was configured otherwise."
          : undefined;
    if (message !== undefined) {
      await found.draft.abandon();
      await job.store.dropDraft();
      this.#emit({ type: "warning", message });
      return undefined;
    }
    this.#emit({
      type: "resumed",
      what: "draft",
      message: `Going on with what a run that began at ${header.createdAt} had read.`,
    });
    return { ...found, lastLoadId: undefined };
  }

  async #beginDraft(job: Job, print: string): Promise<Begun> {
    const { name, destination } = this.#parts;
    await using client = await job.connect();
    const restored = await restore(
      client,
      destination,
      { pipeline: name, dataset: job.dataset, schema: job.schemaName },
      job.naming,
    );
    const unloaded = await unloadedSchema(job.disk, job.folder, restored.base.schemaHash);
    const draft = await job.store.begin({
      format: 1,
      pipeline: name,
      createdAt: new Date(this.#now()).toISOString(),
      fingerprint: print,
      schema: schemaToText(unloaded ?? restored.schema),
      state: stateToText(restored.state),
      base: restored.base,
    });
    return { draft, journal: undefined, lastLoadId: restored.lastLoadId };
  }

  /** @returns `undefined` where there is nothing to load */
  async #seal(job: Job, full: FullDraft, loadId: string): Promise<SealedPackage | undefined> {
    const { draft, base } = full;
    const { name: pipeline, destination } = this.#parts;
    const label = { loadId, pipeline, dataset: job.dataset, destinationType: destination.dltType };
    const outcome = await sealDraft(full, label, {
      store: job.store,
      now: this.#now,
      warn: (message) => this.#emit({ type: "warning", message }),
      verify: job.verify,
    });
    if (outcome.sealed === undefined) {
      const { schema, resources } = outcome;
      this.#resources = resources;
      const { schemaHash } = draft.header.base;
      if (schema.versionHash !== base.versionHash) await keepUnloadedSchema(job.disk, job.folder, schemaHash, schema);
      await job.store.dropDraft();
      return undefined;
    }
    const { parts } = outcome.sealed.manifest;
    const total = (of: "rows" | "bytes"): number => parts.reduce((sum, part) => sum + part[of], 0);
    this.#emit({ type: "sealed", loadId, rows: total("rows"), bytes: total("bytes") });
    return outcome.sealed;
  }
}

interface Job extends Surroundings {
  readonly disk: Disk;
  readonly store: PackageStore;
  readonly connect: () => Promise<DestinationClient>;
  /** Throws where another run took the pipeline. */
  readonly verify: () => Promise<void>;
  readonly location: string;
  readonly keep: number;
  /** Throws `DISK_LOW`. */
  readonly checkDisk: () => Promise<void>;
}

interface Begun {
  readonly draft: DraftPackage;
  readonly journal: JournalState | undefined;
  readonly lastLoadId: string | undefined;
}
