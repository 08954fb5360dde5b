import type { DestinationClient, EarlyLoad, LoadIdentity, LoadRequest } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import type { SealedPackage } from "../load-package/package-store.ts";
import type { LoadTrace } from "../load-package/trace.ts";
import type { Schema } from "../schema/schema.ts";
import { schemaFromText } from "../schema/wire.ts";

/** What a load did. */
export interface LoadedPackage {
  readonly loadId: string;
  readonly schema: string;
  readonly schemaVersionHash: string;
  readonly dropped: readonly string[];
  readonly truncated: readonly string[];
  readonly tables: LoadTrace["tables"];
  readonly changes: LoadTrace["changes"];
}

/** What happens while a package is loaded. */
export type LoadEvent =
  | { readonly type: "load-started"; readonly loadId: string; readonly files: number; readonly bytes: number }
  | { readonly type: "migrated"; readonly loadId: string; readonly changes: LoadedPackage["changes"] }
  | {
      readonly type: "copied";
      readonly loadId: string;
      readonly table: string;
      readonly rows: number;
      readonly bytes: number;
    }
  | { readonly type: "committed"; readonly loadId: string; readonly milliseconds: number }
  | { readonly type: "warning"; readonly message: string };

export interface LoadOptions {
  /** What was begun with this load id before the seal. */
  readonly early?: EarlyLoad | undefined;
  readonly emit: (event: LoadEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Throws where the row files are damaged. Not asked where the package is loaded already. */
  readonly check: () => Promise<void>;
  /** Throws where another run has taken the pipeline. Asked at the beginning, and right before the commit. */
  readonly verify: () => Promise<void>;
}

/** Whether a package was committed. */
export async function isPackageLoaded(
  client: DestinationClient,
  { manifest: { loadId }, schema }: SealedPackage,
): Promise<boolean> {
  return await client.isLoaded(identityOf(loadId, schemaFromText(schema)));
}

function identityOf(loadId: string, { name, versionHash = "" }: Schema): LoadIdentity {
  return { loadId, schema: name, schemaVersionHash: versionHash };
}

/**
 * Loads a sealed package: tables to the schema, files into them, one commit. A package whose load id is there already
 * is finished, not loaded again.
 */
export async function loadPackage(
  client: DestinationClient,
  sealed: SealedPackage,
  { early, emit, now, signal, check, verify }: LoadOptions,
): Promise<LoadedPackage> {
  const { manifest } = sealed;
  const { loadId, parts } = manifest;
  const startedAt = now();
  const schema = schemaFromText(sealed.schema);
  await verify();
  if (await client.isLoaded(identityOf(loadId, schema))) return describe(sealed, schema, [], new Map());
  await check();
  emit({ type: "load-started", loadId, files: parts.length, bytes: parts.reduce((sum, part) => sum + part.bytes, 0) });
  const fitting = await withFittingState(client, sealed, emit);
  const request: LoadRequest = {
    package: fitting,
    schema,
    ...(fitting.stateSchema === undefined ? {} : { stateSchema: schemaFromText(fitting.stateSchema) }),
  };
  const load = await (early === undefined ? client.begin(request) : early.complete(request));
  try {
    const changes = await load.migrate();
    if (changes.length > 0) emit({ type: "migrated", loadId, changes });
    for (const part of parts) {
      throwIfStopped(signal);
      await load.copy(part);
      emit({ type: "copied", loadId, table: part.table, rows: part.rows, bytes: part.bytes });
    }
    // Copying may have taken an hour, or the machine may have slept.
    await verify();
    // The last moment: merging may take as long again, and whether a commit was done must not be in doubt.
    throwIfStopped(signal);
    const counts = await load.commit();
    emit({ type: "committed", loadId, milliseconds: now() - startedAt });
    return describe(sealed, schema, changes, counts);
  } catch (error) {
    await load.rollback();
    throw error;
  }
}

/**
 * Where the destination has lost what a package goes on from (its file was deleted, say), the rows are loaded and the state
 * is not: it speaks of rows that are not there any more, and the next run begins from the start.
 */
async function withFittingState(
  client: DestinationClient,
  sealed: SealedPackage,
  emit: LoadOptions["emit"],
): Promise<SealedPackage> {
  const { stateLoad: _stateLoad, ...manifest } = sealed.manifest;
  if (!manifest.writesState || manifest.base.stateHash === undefined) return sealed;
  if ((await client.readState(manifest.pipeline)) !== undefined) return sealed;
  const { stateSchema: _stateSchema, ...rest } = sealed;
  const message = `${manifest.dataset} has no state of "${manifest.pipeline}" any more: the package ${manifest.loadId} is loaded without the state that it goes on from, and the next run begins from the start.`;
  emit({ type: "warning", message });
  return { ...rest, manifest: { ...manifest, writesState: false } };
}

function throwIfStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new LadingError("ABORTED", "The run was stopped while it loaded.", {
    cause: signal.reason,
    hint: "The package is kept and is loaded with the next run.",
  });
}

function describe(
  { manifest }: SealedPackage,
  schema: Schema,
  changes: LoadedPackage["changes"],
  counts: ReadonlyMap<string, { readonly removed: number; readonly total: number }>,
): LoadedPackage {
  const tables: Record<string, { rows: number; bytes: number; removed: number; total: number }> = {};
  const of = (name: string): { rows: number; bytes: number; removed: number; total: number } =>
    (tables[name] ??= { rows: 0, bytes: 0, removed: 0, total: 0, ...counts.get(name) });
  for (const part of manifest.parts) {
    const table = of(part.table);
    table.rows += part.rows;
    table.bytes += part.bytes;
  }
  for (const name of counts.keys()) of(name);
  return {
    loadId: manifest.loadId,
    schema: schema.name,
    schemaVersionHash: schema.versionHash ?? "",
    dropped: manifest.dropped ?? [],
    truncated: manifest.truncated ?? [],
    tables,
    changes,
  };
}
