import type { DestinationClient } from "../destination/destination.ts";
import { descendants } from "../extract/tree.ts";
import type { DraftHeader } from "../load-package/draft-header.ts";
import type { ResourceProgress } from "../load-package/journal.ts";
import { latestLoadId } from "../load-package/load-ids.ts";
import type { SealedPackage } from "../load-package/package-store.ts";
import { dispositionOf } from "../normalize/declare-disposition.ts";
import type { Schema } from "../schema/schema.ts";
import { schemaFromText } from "../schema/wire.ts";
import { resetResourceState, stateFromText, takeVersion, type PipelineState } from "../state/pipeline-state.ts";
import { beginDraft, beginNext, type Begun } from "./drafts.ts";
import { EarlyLoading } from "./early-loading.ts";
import { extract, type Extraction, type Target } from "./extraction.ts";
import type { SourceJob } from "./job.ts";
import { keepsDiscarded } from "./limits.ts";
import { nextLoadId } from "./load-id.ts";
import { withNaming } from "./naming.ts";
import { beginPackageSchema } from "./package-schema.ts";
import { takePull } from "./pull.ts";
import { withStoredNames, type Reading } from "./reading.ts";
import { notRefreshed, refreshSchema, refreshState, type Refreshed, type Refreshing } from "./refresh.ts";
import type { RunResult } from "./result.ts";
import { firstImport, writeImport } from "./schema-files.ts";
import { sealDraft, type FullDraft } from "./seal.ts";
import { keepUnloadedSchema } from "./unloaded-schema.ts";

/** What all packages of a source have in common. */
interface Context extends Reading {
  /** As it was before the run, less what is begun anew. */
  readonly state: PipelineState;
  /** What is begun anew with the first package. */
  readonly refreshing: Refreshing | undefined;
}

/** A draft that is being filled, and what becomes of it. */
interface Filling extends Target {
  /** What the destination has as newest. */
  readonly stored: Schema;
  readonly refreshed: Refreshed;
  readonly drawLoadId: (to: DestinationClient | undefined) => Promise<string>;
}

/**
 * Reads a source into a package, or with `commitEvery` into several, and loads each, unless the run loads nothing.
 * @param left what an earlier run had read of it
 */
export async function extractAndLoad(reading: Reading, left: Begun | undefined): Promise<RunResult["kind"]> {
  let named = reading;
  const takeNames = (stored: Schema): void => void (named = withStoredNames(reading, stored));
  if (left !== undefined) takeNames(schemaFromText(left.draft.header.schema));
  const begun = left ?? (await beginDraft(reading.job, reading.print, reading.imported, takeNames));
  const { job, trees, print, schemaContract } = named;
  const { destination } = job.parts;
  const { commitEvery } = job.options;
  const state = stateFromText(begun.draft.header.state);
  for (const node of trees.flatMap(descendants)) {
    if (dispositionOf(node.resource.hints.writeDisposition) !== "replace") continue;
    resetResourceState(state, job.schemaName, node.resource.name);
  }
  const pull = goOnWithPull(job, state, reading.resources, print);
  // With the first commit of a pull that goes on it is done already.
  const refreshing = pull.size === 0 ? refreshingOf(named, begun.draft.header.refresh) : undefined;
  if (refreshing !== undefined) refreshState(state, begun.draft.header.base, refreshing);
  const context: Context = { ...named, state, refreshing };
  let filling = await fill(context, begun);
  const packages = extract({
    source: job.schemaName,
    trees,
    target: () => filling,
    pull,
    commitEvery,
    schemaContract,
    keepDiscarded: keepsDiscarded(job.options.keepDiscarded, job.config),
    names: job.names,
    destination,
    state,
    config: job.config,
    signal: job.signal,
    now: job.now,
    emit: job.emit,
    verify: job.verify,
    checkDisk: job.checkDisk,
  });
  let isEmpty = true;
  try {
    for await (const extraction of packages) {
      const sealed = await sealAndLoad(context, filling, extraction);
      if (sealed !== undefined) {
        isEmpty = false;
        takeVersion(state, stateFromText(sealed.state));
      }
      if (!extraction.isFinished) filling = await fill(context, await beginNext(job, filling.draft, sealed));
    }
  } finally {
    await filling.early[Symbol.asyncDispose]();
  }
  if (left === undefined && pull.size === 0) return isEmpty ? "nothing" : "new";
  return "unfinished";
}

function refreshingOf({ job, trees, resources }: Reading, mode: DraftHeader["refresh"]): Refreshing | undefined {
  if (mode === undefined) return undefined;
  const loaded = trees.flatMap(descendants).filter((node) => node.loaded);
  return {
    mode,
    schemaName: job.schemaName,
    loaded: new Set(loaded.map((node) => node.resource.name)),
    read: new Set(resources),
  };
}

/** Where an earlier run had come that committed along the way of a pull, and did not finish it. */
function goOnWithPull(
  job: SourceJob,
  state: PipelineState,
  names: readonly string[],
  print: string,
): ReadonlyMap<string, ResourceProgress> {
  const { progress, isStale } = takePull(state, job.schemaName, names, print);
  if (isStale || (progress.size > 0 && job.options.fresh === true)) {
    const why = isStale ? "its source was configured otherwise, or its state has moved since" : "as asked for";
    const message = `Where an earlier run had come with commits along the way is forgotten: ${why}.`;
    job.emit({ type: "warning", message });
    return new Map();
  }
  if (progress.size > 0) {
    const message = "Going on where an earlier run had come with commits along the way.";
    job.emit({ type: "resumed", what: "pull", message });
  }
  return progress;
}

/** Begins to fill a draft. */
async function fill(context: Context, { draft, journal, lastLoadId }: Begun): Promise<Filling> {
  const { job } = context;
  const { source } = job;
  const { destination } = job.parts;
  const stored = withNaming(job.naming, schemaFromText(draft.header.schema));
  const refreshed =
    context.refreshing === undefined || draft.header.refresh === undefined
      ? notRefreshed(stored)
      : refreshSchema(stored, context.refreshing);
  const schemas = beginPackageSchema(refreshed.schema, {
    maxTableNesting: source.maxTableNesting ?? destination.capabilities.maxTableNesting,
    rootKey: source.rootKey,
    schemaContract: context.schemaContract ?? source.schemaContract,
  });
  const newestHere = latestLoadId(lastLoadId, await job.store.newest());
  const drawLoadId = async (to: DestinationClient | undefined): Promise<string> =>
    nextLoadId(job.now(), latestLoadId(await to?.lastLoadId(), newestHere), Math.random());
  const early = new EarlyLoading({
    draft,
    schema: schemas.inferred,
    connect: () => job.connect(),
    drawLoadId,
    tables: {
      replacedFromStaging: context.replacedFromStaging,
      dropped: refreshed.dropped,
      truncated: refreshed.truncated,
    },
    now: job.now,
  });
  if (!job.loads) await early.settle();
  return { draft, journal, stored, refreshed, schemas, drawLoadId, early };
}

/** @returns `undefined` where there is nothing to load */
async function sealAndLoad(
  context: Context,
  { draft, stored, refreshed, schemas, drawLoadId, early }: Filling,
  extraction: Extraction,
): Promise<SealedPackage | undefined> {
  const { job, state, replacedFromStaging } = context;
  await draft.close();
  // Connected before the seal, so that the load id is later than the newest that is there.
  const ahead = await early.settle();
  let client = ahead?.client;
  let down: unknown;
  // Where packages wait, the id is later than theirs, and so than any that was there when they were sealed.
  if (job.loads || draft.header.after === undefined) {
    try {
      client ??= await job.connect();
    } catch (error) {
      down = error;
    }
  }
  try {
    const loadId = ahead?.loadId ?? (await drawLoadId(client));
    const { schemaName: source, names } = job;
    const { capabilities } = job.parts.destination;
    const own = { source, names, capabilities, state, replacedFromStaging };
    const full = { draft, extraction, schemas, stored, refreshed, ...own };
    const sealed = await seal(job, full, loadId);
    if (sealed === undefined) return undefined;
    if (!job.loads) {
      job.note(job.schemaName, sealed.manifest.resources);
      return sealed;
    }
    if (client === undefined) throw down;
    await job.load(client, sealed, ahead?.load);
    return sealed;
  } finally {
    await client?.close();
  }
}

/** @returns `undefined` where there is nothing to load */
async function seal(job: SourceJob, full: FullDraft, loadId: string): Promise<SealedPackage | undefined> {
  const { draft, stored } = full;
  const { name: pipeline, destination } = job.parts;
  const label = { loadId, pipeline, dataset: job.dataset, destinationType: destination.dltType };
  const outcome = await sealDraft(full, label, {
    store: job.store,
    now: job.now,
    warn: (message) => job.emit({ type: "warning", message }),
    verify: job.verify,
    firstImport: (declared) => firstImport(job.disk, job.schemaFolders, declared),
  });
  const { toImport } = outcome;
  if (outcome.sealed === undefined) {
    const { schema, resources } = outcome;
    job.note(job.schemaName, resources);
    const { schemaHash } = draft.header.base;
    if (schema.versionHash !== stored.versionHash) await keepUnloadedSchema(job.disk, job.folder, schemaHash, schema);
    await job.store.dropDraft();
    if (toImport !== undefined) await writeImport(job.disk, job.schemaFolders, schema.name, toImport.text);
    return undefined;
  }
  // It stands in the package too: where the process ends before this, the load writes it.
  if (toImport !== undefined) await writeImport(job.disk, job.schemaFolders, job.schemaName, toImport.text);
  const { parts } = outcome.sealed.manifest;
  const total = (of: "rows" | "bytes"): number => parts.reduce((sum, part) => sum + part[of], 0);
  job.emit({ type: "sealed", loadId, rows: total("rows"), bytes: total("bytes") });
  return outcome.sealed;
}
