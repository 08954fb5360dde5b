import { LadingError } from "../errors/index.ts";
import type { DraftHeader } from "../load-package/draft-header.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import type { JournalState } from "../load-package/journal.ts";
import type { SealedPackage } from "../load-package/package-store.ts";
import type { Schema } from "../schema/schema.ts";
import { schemaFromText, schemaToText } from "../schema/wire.ts";
import { stateFromText, stateToText, stateVersion, storedHash } from "../state/pipeline-state.ts";
import { dropFingerprint } from "./fingerprint.ts";
import type { Job, SourceJob } from "./job.ts";
import { memoryAfter, pendingChain } from "./pending-chain.ts";
import { newNaming } from "./naming.ts";
import { restore } from "./restore.ts";
import { takeOver } from "./schema-files.ts";
import { unloadedSchema } from "./unloaded-schema.ts";

/** A draft, and what is known of it. */
export interface Begun {
  readonly draft: DraftPackage;
  /** What an earlier run left of it. */
  readonly journal: JournalState | undefined;
  readonly lastLoadId: string | undefined;
}

/** A draft that an earlier run left. */
export interface LeftDraft extends Begun {
  /** The schema of the source that it is of. */
  readonly schemaName: string;
}

/**
 * The draft that an earlier run left, where it can be gone on with.
 * @param prints the fingerprints of the run's sources, by the names of their schemas
 */
export async function openDraft(job: Job, prints: ReadonlyMap<string, string>): Promise<LeftDraft | undefined> {
  let found: Omit<Begun, "lastLoadId"> | undefined;
  try {
    found = await job.store.openDraft();
  } catch (error) {
    if (!LadingError.is(error, "PACKAGE_CORRUPT")) throw error;
    // It promises nothing that its source does not have.
    await job.store.dropDraft();
    job.emit({
      type: "warning",
      message: `${error.message} It is dropped, and the source is read from its start.`,
    });
  }
  if (found === undefined) return undefined;
  const { header } = found.draft;
  if (header.fingerprint === dropFingerprint) {
    // A drop that was broken off before its seal: nothing of it counts.
    await found.draft.abandon();
    await job.store.dropDraft();
    return undefined;
  }
  const schemaName = schemaFromText(header.schema).name;
  const message =
    job.options.fresh === true
      ? "What an earlier run had read is dropped, as asked for."
      : header.fingerprint !== prints.get(schemaName)
        ? "What an earlier run had read is dropped: its source was configured otherwise."
        : (await isStranded(job, header))
          ? "What an earlier run had read is dropped: it goes on from loads that the destination does not have."
          : undefined;
  if (message !== undefined) {
    await found.draft.abandon();
    await job.store.dropDraft();
    job.emit({ type: "warning", message });
    return undefined;
  }
  job.emit({
    type: "resumed",
    what: "draft",
    message: `Going on with what a run that began at ${header.createdAt} had read.`,
  });
  return { ...found, lastLoadId: undefined, schemaName };
}

/** Whether the destination is another one by now, or its dataset was dropped: the rows before the draft would be missing. */
async function isStranded({ parts, connect }: Job, { base, after }: DraftHeader): Promise<boolean> {
  if (base.stateHash === undefined || after !== undefined) return false;
  await using client = await connect();
  return (await client.readState(parts.name)) === undefined;
}

/**
 * A new draft, with the state and the schema that the destination has; where nothing is loaded in this run, with those
 * that it will have when the packages are loaded that wait.
 *
 * @param check throws where nothing is to be begun from that schema
 */
export async function beginDraft(
  job: SourceJob,
  print: string,
  imported: Schema | undefined,
  check: (schema: Schema) => void,
): Promise<Begun> {
  const chain = job.loads ? [] : await pendingChain(job);
  // Closed before the draft is begun: where that fails, nothing is left open.
  const restored = await restoredFrom(job, chain);
  const unloaded = await unloadedSchema(job.disk, job.folder, job.schemaName, restored.base.schemaHash);
  const schema = unloaded ?? restored.schema;
  const stored = unloaded !== undefined || restored.base.schemaHash !== undefined ? schema : undefined;
  const taken = imported === undefined ? { schema } : takeOver(stored, imported, namingOf(job, stored ?? imported));
  check(taken.schema);
  if (taken.warning !== undefined) job.emit({ type: "warning", message: taken.warning });
  const draft = await job.store.begin({
    format: 1,
    pipeline: job.parts.name,
    createdAt: new Date(job.now()).toISOString(),
    fingerprint: print,
    schema: schemaToText(taken.schema),
    ...(restored.stateSchema === undefined ? {} : { stateSchema: schemaToText(restored.stateSchema) }),
    ...(job.refresh === undefined ? {} : { refresh: job.refresh }),
    state: stateToText(restored.state),
    ...(chain.length > 0 && { after: chain.at(-1)!.manifest.loadId }),
    base: restored.base,
  });
  return { draft, journal: undefined, lastLoadId: restored.lastLoadId };
}

async function restoredFrom(
  job: SourceJob,
  chain: Awaited<ReturnType<typeof pendingChain>>,
): ReturnType<typeof restore> {
  const { name, destination } = job.parts;
  await using memory = memoryAfter(chain, job.connect);
  return await restore(
    memory,
    destination,
    { pipeline: name, dataset: job.datasetName, schema: job.schemaName, schemas: job.schemaNames },
    newNaming(job.naming),
  );
}

/** The draft that comes after another one in the same pull. `sealed`: what became of that; nothing, where it was empty. */
export async function beginNext(job: Job, draft: DraftPackage, sealed: SealedPackage | undefined): Promise<Begun> {
  const createdAt = new Date(job.now()).toISOString();
  if (sealed === undefined) {
    return {
      draft: await job.store.begin({ ...draft.header, createdAt }),
      journal: undefined,
      lastLoadId: undefined,
    };
  }
  const { schema, state: text, manifest, stateSchema = draft.header.stateSchema } = sealed;
  const state = stateFromText(text);
  // What was begun anew was so with the package before.
  const { refresh: _, ...rest } = draft.header;
  const header: DraftHeader = {
    ...rest,
    createdAt,
    schema,
    ...(stateSchema === undefined ? {} : { stateSchema }),
    state: text,
    after: manifest.loadId,
    base: {
      stateVersion: stateVersion(state),
      stateHash: manifest.writesState ? storedHash(state) : draft.header.base.stateHash,
      schemaHash: schemaFromText(schema).versionHash,
    },
  };
  return { draft: await job.store.begin(header), journal: undefined, lastLoadId: manifest.loadId };
}

/** The convention that holds: the one asked for, else that of a schema that is there. */
function namingOf({ naming }: SourceJob, schema: Schema): string {
  return naming.asked === undefined ? schema.normalizers.names : newNaming(naming);
}
