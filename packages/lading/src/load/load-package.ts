import type { DestinationClient, EarlyLoad, LoadRequest } from "../destination/destination.ts";
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
  | { readonly type: "committed"; readonly loadId: string; readonly milliseconds: number };

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
  const identity = { loadId, schema: schema.name, schemaVersionHash: schema.versionHash ?? "" };
  if (await client.isLoaded(identity)) return describe(sealed, schema, [], new Map());
  await check();
  emit({ type: "load-started", loadId, files: parts.length, bytes: parts.reduce((sum, part) => sum + part.bytes, 0) });
  const request: LoadRequest = {
    package: sealed,
    schema,
    ...(sealed.stateSchema === undefined ? {} : { stateSchema: schemaFromText(sealed.stateSchema) }),
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
    tables,
    changes,
  };
}
