import type { Config } from "../config/config.ts";
import type { Destination, DestinationClient } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import { descendants, resourceTrees } from "../extract/tree.ts";
import { createDisk, type Disk } from "../load-package/disk.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import type { JournalState } from "../load-package/journal.ts";
import type { Manifest } from "../load-package/manifest.ts";
import { openPackageStore, type PackageStore, type SealedPackage } from "../load-package/package-store.ts";
import { loadPackage } from "../load/load-package.ts";
import { dispositionOf } from "../normalize/declare-disposition.ts";
import type { Source } from "../resource/source.ts";
import type { Schema } from "../schema/schema.ts";
import { schemaFromText, schemaToText } from "../schema/wire.ts";
import {
  bumpState,
  cloneState,
  resetResourceState,
  setResourceState,
  stateFromText,
  stateToText,
  type PipelineState,
} from "../state/pipeline-state.ts";
import { checkTables } from "./check-tables.ts";
import { emptiedTables } from "./emptied-tables.ts";
import { surroundings, type Surroundings } from "./environment.ts";
import type { EventListener, RunEvent } from "./events.ts";
import { extract, type Extraction, type WithoutTime } from "./extraction.ts";
import { fingerprint } from "./fingerprint.ts";
import { nextLoadId } from "./load-id.ts";
import { lockPipeline } from "./lock.ts";
import { beginPackageSchema, sealSchema, type PackageSchema } from "./package-schema.ts";
import { replacedFromStaging } from "./replaced-from-staging.ts";
import { restore } from "./restore.ts";
import type { LoadResult, RunResult } from "./result.ts";
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
  /** Only these resources. */
  readonly resources?: readonly string[];
  /** Settings. Default: the environment, `.env` and `.dlt/` of the project. */
  readonly config?: Config;
  /** Committed loads of which schema and journal are kept. Default: 20. */
  readonly keep?: number;
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
    const location = destination.describe(where);
    this.#emit({ type: "run-started", pipeline: name, destination: destination.name, dataset });

    const disk = this.#options.disk ?? createDisk();
    const lock = await lockPipeline({ folder, disk, now: this.#now, epoch: crypto.randomUUID() });
    try {
      const job: Job = {
        ...around,
        disk,
        store: openPackageStore(folder, disk),
        connect: () => destination.connect(where),
        verify: () => lock.verify(),
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

  async #load(job: Job, client: DestinationClient, sealed: SealedPackage): Promise<void> {
    this.#resources = sealed.manifest.resources;
    const result = await loadPackage(client, sealed, {
      emit: this.#emit,
      now: this.#now,
      signal: this.#signal,
      check: () => job.store.check(sealed),
      verify: job.verify,
    });
    this.#loads.push(result);
    await job.store.finish(sealed.manifest.loadId, this.#options.keep ?? 20);
  }

  async #extractAndLoad(job: Job): Promise<RunResult["kind"]> {
    const { source, destination } = this.#parts;
    const trees = resourceTrees(source.resources, this.#options.resources);
    checkTables(trees, job.names);
    const staged = replacedFromStaging(trees, job.names, destination, job.config);
    const print = fingerprint(source, this.#options.resources, job.dataset);
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
    });
    const extraction = await extract({
      source: job.schemaName,
      trees,
      draft,
      journal: left?.journal,
      schemas,
      names: job.names,
      destination,
      state,
      config: job.config,
      signal: this.#signal,
      now: this.#now,
      emit: this.#emit,
      verify: job.verify,
    });
    await draft.close();

    // Connected before the seal, so that the load id is later than the newest that is there.
    let client: DestinationClient | undefined;
    let down: unknown;
    try {
      client = await job.connect();
    } catch (error) {
      down = error;
    }
    try {
      const newest = later(await client?.lastLoadId(), begun.lastLoadId, await job.store.newest());
      const sealed = await this.#seal(job, { draft, extraction, schemas, base, state, newest, staged });
      if (sealed === undefined) return left === undefined ? "nothing" : "unfinished";
      if (client === undefined) throw down;
      await this.#load(job, client, sealed);
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
  async #seal(job: Job, what: Sealing): Promise<SealedPackage | undefined> {
    const { draft, extraction, schemas, base } = what;
    const state = cloneState(what.state);
    for (const [resource, own] of extraction.progress) {
      setResourceState(state, job.schemaName, resource, own.finalState());
    }
    const stateHash = bumpState(state);
    const writesState = stateHash !== draft.header.base.stateHash;
    const parts = draft.parts().filter((part) => part.rows > 0);
    const emptied = emptiedTables(base, schemas, extraction, new Set(parts.map((part) => part.table)));
    const isEmpty = parts.length === 0 && emptied.length === 0 && !writesState;
    const schema = sealSchema(schemas, {
      base,
      isNew: (base.versionHash ?? "") === "",
      writesState,
      withFiles: new Set([...parts.map((part) => part.table), ...emptied]),
      warn: (message) => this.#emit({ type: "warning", message }),
    });
    if (isEmpty) {
      const { schemaHash } = draft.header.base;
      if (schema.versionHash !== base.versionHash) await keepUnloadedSchema(job.disk, job.folder, schemaHash, schema);
      await job.store.dropDraft();
      return undefined;
    }
    await job.verify();
    const manifest: Manifest = {
      format: 1,
      loadId: nextLoadId(this.#now(), what.newest),
      pipeline: this.#parts.name,
      dataset: job.dataset,
      destinationType: this.#parts.destination.dltType,
      schema: schema.name,
      sealedAt: new Date(this.#now()).toISOString(),
      parts,
      emptied,
      ...(what.staged.length > 0 && { replacedFromStaging: what.staged }),
      writesState,
      base: draft.header.base,
      resources: Object.fromEntries(
        [...extraction.progress]
          .filter(([, own]) => own.node.loaded)
          .map(([name, own]) => [name, { pages: own.pages, rows: own.rows, bytes: own.bytes }]),
      ),
    };
    const sealed = await job.store.seal(draft, manifest, schemaToText(schema), stateToText(state));
    this.#emit({
      type: "sealed",
      loadId: manifest.loadId,
      rows: parts.reduce((sum, part) => sum + part.rows, 0),
      bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    });
    return sealed;
  }
}

/** The later one of load ids, as numbers. */
function later(...ids: readonly (string | undefined)[]): string | undefined {
  return ids
    .filter((id) => id !== undefined)
    .toSorted((a, b) => Number(a) - Number(b))
    .at(-1);
}

interface Job extends Surroundings {
  readonly disk: Disk;
  readonly store: PackageStore;
  readonly connect: () => Promise<DestinationClient>;
  /** Throws where another run took the pipeline. */
  readonly verify: () => Promise<void>;
}

interface Begun {
  readonly draft: DraftPackage;
  readonly journal: JournalState | undefined;
  readonly lastLoadId: string | undefined;
}

interface Sealing {
  readonly draft: DraftPackage;
  readonly extraction: Extraction;
  readonly schemas: PackageSchema;
  readonly base: Schema;
  readonly state: PipelineState;
  readonly newest: string | undefined;
  /** Tables that are replaced by way of a staging table. */
  readonly staged: readonly string[];
}
