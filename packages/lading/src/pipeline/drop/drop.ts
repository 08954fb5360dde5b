import type { DestinationClient } from "../../destination/destination.ts";
import { LadingError } from "../../errors/index.ts";
import { createDisk } from "../../load-package/disk.ts";
import type { DraftHeader } from "../../load-package/draft-header.ts";
import { latestLoadId } from "../../load-package/load-ids.ts";
import type { Manifest } from "../../load-package/manifest.ts";
import { openPackageStore, type PackageStore, type SealedPackage } from "../../load-package/package-store.ts";
import { bumpVersion } from "../../schema/version.ts";
import { schemaToText } from "../../schema/wire.ts";
import { bumpState, stateToText, stateVersion } from "../../state/pipeline-state.ts";
import { surroundings, type Surroundings } from "../environment.ts";
import type { RunEvent, WithoutTime } from "../events.ts";
import { dropFingerprint } from "../fingerprint.ts";
import { runLimits } from "../limits.ts";
import { loadAndKeep } from "../load-and-keep.ts";
import { nextLoadId } from "../load-id.ts";
import { lockPipeline } from "../lock.ts";
import { sealSchema } from "../package-schema.ts";
import { checkDropsTables } from "../refresh.ts";
import { remainingSources } from "../remaining-sources.ts";
import type { LoadResult } from "../result.ts";
import type { PipelineParts, RunOptions } from "../run-options.ts";
import { readStored, type Stored } from "../stored.ts";
import { planDrop, type DropPlan, type DropRequest, type PreparedDrop } from "./plan-drop.ts";

/** How a drop is to be done: as with a run. */
export type DropOptions = Pick<RunOptions, "signal" | "onEvent" | "config" | "profile" | "keep" | "now" | "disk">;

/** What a drop did. */
export interface DropResult {
  readonly plan: DropPlan;
  /** The load that did it; `undefined` where there was nothing to drop. */
  readonly load: LoadResult | undefined;
}

/** What a drop would do. Nothing is changed, and no lock is taken. Throws as {@link planDrop}, and `PIPELINE_NOT_FOUND`. */
export async function plannedDrop(
  parts: PipelineParts,
  request: DropRequest,
  options: Pick<DropOptions, "config" | "profile" | "signal">,
): Promise<DropPlan> {
  const around = await surroundings(parts, options);
  await using client = await parts.destination.connect(around.where);
  return planDrop(await storedOf(client, parts, around), request, placeOf(parts, around)).plan;
}

/**
 * Drops tables and state by a load package without rows, in one transaction: tables, schema and state go together or not at
 * all. One whose process ends in between is finished by the next run; one that fails leaves nothing behind.
 *
 * @param what a plan, which is done only where state and schema are still those that it was made from
 * @throws LadingError UNFINISHED_WORK, PIPELINE_LOCKED, PIPELINE_NOT_FOUND, DROP_UNSUPPORTED, CONFLICT, and as `planDrop`
 */
export async function drop(
  parts: PipelineParts,
  what: DropRequest | DropPlan,
  options: DropOptions,
): Promise<DropResult> {
  const { now = Date.now, signal = new AbortController().signal, disk = createDisk() } = options;
  const around = await surroundings(parts, options);
  const { folder, where } = around;
  const { destination } = parts;
  const { keep } = runLimits(options.keep === undefined ? {} : { keep: options.keep }, around.config);
  const emit = (event: WithoutTime<RunEvent>): void => options.onEvent?.({ ...event, at: now() });
  const lock = await lockPipeline({ folder, disk, now, epoch: crypto.randomUUID() });
  try {
    const store = openPackageStore(folder, disk);
    await refuseUnfinished(parts.name, store);
    const remaining = await remainingSources(disk, folder, [], { resources: undefined, refresh: undefined });
    if (remaining.stale !== undefined)
      throw unfinished(parts.name, `${remaining.stale.join(", ")} is still to be read`);
    await using client = await destination.connect(where);
    const request = "type" in what ? what.request : what;
    const prepared = planDrop(await storedOf(client, parts, around), request, placeOf(parts, around));
    if ("type" in what) checkSame(parts.name, what, prepared.plan);
    if (prepared.plan.isEmpty) return { plan: prepared.plan, load: undefined };
    if (prepared.plan.tables.some(({ hasData }) => hasData)) checkDropsTables(destination);
    const loadId = nextLoadId(now(), latestLoadId(await client.lastLoadId(), await store.newest()), Math.random());
    const label = { loadId, pipeline: parts.name, dataset: around.dataset, destinationType: destination.dltType };
    const sealed = await sealDrop(store, prepared, label, now());
    emit({ type: "sealed", loadId, rows: 0, bytes: 0 });
    try {
      const load = await loadAndKeep(client, sealed, {
        store,
        disk,
        schemaFolders: around.schemaFolders,
        emit,
        now,
        signal,
        verify: () => lock.verify(),
        location: destination.describe(where),
        warnings: prepared.plan.warnings,
        committed: async () => {},
        keep,
      });
      return { plan: prepared.plan, load };
    } catch (error) {
      // It can be asked for again; and where it was done after all, there is nothing left to drop.
      await disk.remove(sealed.folder);
      throw error;
    }
  } finally {
    await lock.release();
  }
}

function placeOf(
  { destination }: PipelineParts,
  { where, dataset }: Surroundings,
): Pick<DropPlan, "destination" | "location" | "dataset"> {
  return { destination: destination.name, location: destination.describe(where), dataset };
}

async function sealDrop(
  store: PackageStore,
  { plan, schema, state }: PreparedDrop,
  label: Pick<Manifest, "loadId" | "pipeline" | "dataset" | "destinationType">,
  now: number,
): Promise<SealedPackage> {
  const base: DraftHeader["base"] = { stateVersion: stateVersion(state), ...plan.base };
  const at = new Date(now).toISOString();
  bumpVersion(schema);
  bumpState(state);
  // As with dlt the state's row belongs to the schema that tables are dropped from.
  const { schema: content } = sealSchema(
    { declared: schema, inferred: schema },
    { base: schema, isNew: false, writesState: true, withFiles: new Set(), warn: () => {} },
  );
  const text = schemaToText(content);
  const stateText = stateToText(state);
  const draft = await store.begin({
    format: 1,
    pipeline: label.pipeline,
    createdAt: at,
    fingerprint: dropFingerprint,
    schema: text,
    state: stateText,
    base,
  });
  await draft.close();
  const dropped = plan.tables.filter(({ hasData }) => hasData).map(({ name }) => name);
  const manifest: Manifest = {
    format: 1,
    ...label,
    schema: schema.name,
    sealedAt: at,
    parts: [],
    emptied: [],
    ...(dropped.length > 0 && { dropped }),
    writesState: true,
    base,
    resources: {},
  };
  return store.seal(draft, { manifest, schema: text, state: stateText });
}

async function storedOf(
  client: DestinationClient,
  { name, destination }: PipelineParts,
  around: Surroundings,
): Promise<Stored> {
  const stored = await readStored(client, name);
  if (stored !== undefined) return stored;
  throw new LadingError(
    "PIPELINE_NOT_FOUND",
    `The dataset "${around.dataset}" in ${destination.name} has nothing of the pipeline "${name}".`,
    { hint: "Check the names of pipeline and dataset, and the destination.", details: { pipeline: name } },
  );
}

async function refuseUnfinished(pipeline: string, store: PackageStore): Promise<void> {
  const pending = await store.pending();
  if (pending.length > 0) {
    throw unfinished(pipeline, `the package ${pending.map(({ loadId }) => loadId).join(", ")} waits to be loaded`);
  }
  const header = await store.draftHeader();
  if (header !== undefined && header.fingerprint !== dropFingerprint)
    throw unfinished(pipeline, `what a run that began at ${header.createdAt} had read is not loaded`);
}

function unfinished(pipeline: string, what: string): LadingError {
  return new LadingError("UNFINISHED_WORK", `An earlier run of "${pipeline}" is not finished: ${what}.`, {
    details: { pipeline },
  });
}

function checkSame(pipeline: string, plan: DropPlan, found: DropPlan): void {
  const { base } = found;
  if (base.stateHash === plan.base.stateHash && base.schemaHash === plan.base.schemaHash) return;
  throw new LadingError(
    "CONFLICT",
    `Since it was planned what to drop from "${pipeline}", it was loaded or dropped again.`,
    {
      hint: "Plan it anew, and look at what would go now.",
      details: { planned: plan.base, found: base },
    },
  );
}
