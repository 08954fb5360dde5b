import type { Capabilities } from "../destination/capabilities.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import type { Manifest } from "../load-package/manifest.ts";
import type { PackageStore, SealedPackage } from "../load-package/package-store.ts";
import type { Names } from "../normalize/names.ts";
import type { Schema } from "../schema/schema.ts";
import { schemaFromText, schemaToText } from "../schema/wire.ts";
import {
  bumpState,
  cloneState,
  setResourceState,
  setSourceValues,
  stateToText,
  type PipelineState,
} from "../state/pipeline-state.ts";
import { checkIdentifiers } from "./check-identifiers.ts";
import { discardedTables } from "./discarded-tables.ts";
import { emptiedTables } from "./emptied-tables.ts";
import type { Extraction } from "./extraction.ts";
import { sealSchema, type PackageSchema } from "./package-schema.ts";
import { stateLoadId } from "./load-id.ts";
import type { Refreshed } from "./refresh.ts";
import { keepPull } from "./pull.ts";
import type { FirstImport } from "./schema-files.ts";
import { stagedTables, type StagedReplace } from "./replaced-from-staging.ts";

/** A draft that is full, and what goes into its package beside the rows. */
export interface FullDraft {
  readonly draft: DraftPackage;
  readonly extraction: Extraction;
  readonly schemas: PackageSchema;
  /** What the destination has as newest. */
  readonly stored: Schema;
  /** What the package begins with, and what goes before it. */
  readonly refreshed: Refreshed;
  readonly state: PipelineState;
  /** The section of the source's resources in the state. */
  readonly source: string;
  readonly replacedFromStaging: StagedReplace;
  readonly names: Names;
  readonly capabilities: Capabilities;
}

/** What a package says of where it belongs. */
export type PackageLabel = Pick<Manifest, "loadId" | "pipeline" | "dataset" | "destinationType">;

export interface SealContext {
  readonly store: PackageStore;
  readonly now: () => number;
  readonly warn: (message: string) => void;
  /** Throws where another run took the pipeline. */
  readonly verify: () => Promise<void>;
  /** The file that the folder of imported schemas lacks, from what was declared. */
  readonly firstImport: (declared: Schema) => Promise<FirstImport | undefined>;
}

/** A sealed package; or the schema alone and what was read, where there is nothing to load. */
export type Sealed =
  | { readonly sealed: SealedPackage; readonly toImport: FirstImport | undefined }
  | {
      readonly sealed: undefined;
      readonly toImport: FirstImport | undefined;
      readonly schema: Schema;
      readonly resources: Manifest["resources"];
    };

/** Turns a draft into a package, with its schema and its state. Throws `COLUMN_WITHOUT_TYPE`, `NAMES_COLLIDE`, `NAME_TOO_LONG`. */
export async function sealDraft(full: FullDraft, label: PackageLabel, context: SealContext): Promise<Sealed> {
  const { draft, extraction, schemas, stored, refreshed } = full;
  const { mode, schema: base, dropped, truncated } = refreshed;
  const state = cloneState(full.state);
  for (const [resource, own] of extraction.progress) {
    const remembers = own.finished || extraction.isFinished ? own.finalState() : own.before;
    if (extraction.isFinished) setResourceState(state, full.source, resource, remembers);
    else
      keepPull(state, full.source, resource, {
        own: remembers,
        progress: own.entry(),
        fingerprint: draft.header.fingerprint,
      });
  }
  const { sourceState } = extraction;
  const through = [...extraction.progress.values()].filter((own) => own.finished).map((own) => own.source);
  setSourceValues(state, full.source, extraction.isFinished ? sourceState.all() : sourceState.of(through));
  const stateHash = bumpState(state);
  // As in dlt a dropped table has the state written, changed or not.
  const writesState = stateHash !== draft.header.base.stateHash || dropped.length > 0;
  const parts = draft.parts().filter((part) => part.rows > 0);
  const withRows = new Set(parts.map((part) => part.table));
  const emptied = emptiedTables(base, schemas, extraction, withRows, full.names);
  const discarded = discardedTables(base, extraction, withRows, full.names);
  const stateSchema = writesState ? sealStateSchema(draft.header.stateSchema, context.warn) : undefined;
  const { schema, declared } = sealSchema(schemas, {
    base: stored,
    isNew: isNew(stored),
    writesState: writesState && stateSchema === undefined,
    withFiles: new Set([...withRows, ...emptied, ...discarded]),
    warn: context.warn,
  });
  const toImport = await context.firstImport(declared);
  if (toImport !== undefined) schema.importedVersionHash = toImport.hash;
  const nothing = [parts, emptied, discarded, dropped, truncated].every(({ length }) => length === 0);
  const resources = Object.fromEntries(
    [...extraction.progress]
      .filter(([, own]) => own.node.loaded)
      .map(([name, own]) => [name, { pages: own.pages, rows: own.rows, bytes: own.bytes, ...own.leftOut() }]),
  );
  if (nothing && !writesState) return { sealed: undefined, toImport, schema, resources };
  checkIdentifiers(schema, full.capabilities);
  await context.verify();
  const staged = stagedTables(full.replacedFromStaging, schema);
  const manifest: Manifest = {
    format: 1,
    ...label,
    schema: schema.name,
    sealedAt: new Date(context.now()).toISOString(),
    parts,
    emptied,
    ...(mode !== undefined && { refresh: mode }),
    ...(dropped.length > 0 && { dropped }),
    ...(truncated.length > 0 && { truncated }),
    ...(staged.length > 0 && { replacedFromStaging: staged }),
    writesState,
    ...(stateSchema !== undefined && {
      stateLoad: { loadId: stateLoadId(label.loadId), schema: stateSchema.name },
    }),
    base: draft.header.base,
    resources,
  };
  const sealed = await context.store.seal(draft, {
    manifest,
    schema: schemaToText(schema),
    state: stateToText(state),
    ...(stateSchema === undefined ? {} : { stateSchema: schemaToText(stateSchema) }),
    ...(toImport === undefined ? {} : { importFile: toImport.text }),
  });
  return { sealed, toImport };
}

/** The schema that the state's row belongs to, with the table for it; as it was, where it has that already. */
function sealStateSchema(text: string | undefined, warn: (message: string) => void): Schema | undefined {
  if (text === undefined) return undefined;
  const base = schemaFromText(text);
  const schemas = { declared: base, inferred: base };
  return sealSchema(schemas, { base, isNew: isNew(base), writesState: true, withFiles: new Set(), warn }).schema;
}

/** A schema that was never stored. */
function isNew(schema: Schema): boolean {
  return (schema.versionHash ?? "") === "";
}
