import type { DestinationClient, EarlyLoad } from "../destination/destination.ts";
import type { PackageStore, SealedPackage } from "../load-package/package-store.ts";
import type { LoadTrace } from "../load-package/trace.ts";
import type { Disk } from "../load-package/disk.ts";
import { exportSchema, writeImport, type SchemaFolders } from "./schema-files.ts";
import { loadPackage, type LoadedPackage, type LoadEvent } from "../load/load-package.ts";

export interface LoadAndKeepOptions {
  readonly store: PackageStore;
  readonly disk: Disk;
  readonly schemaFolders: SchemaFolders;
  /** What was begun before the seal. */
  readonly early?: EarlyLoad | undefined;
  readonly emit: (event: LoadEvent) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Throws where another run has taken the pipeline. */
  readonly verify: () => Promise<void>;
  /** Where the destination is, for the trace. */
  readonly location: string;
  /** What the run has warned of. */
  readonly warnings: readonly string[];
  /** Is told that the package is committed, before it is tidied up. Twice, where a process ends in between. */
  readonly committed: () => Promise<void>;
  /** Loads of which the trace is kept. */
  readonly keep: number;
}

/** Loads a sealed package; then removes its rows, and keeps the trace of what was done. */
export async function loadAndKeep(
  client: DestinationClient,
  sealed: SealedPackage,
  {
    store,
    disk,
    schemaFolders,
    early,
    emit,
    now,
    signal,
    verify,
    location,
    warnings,
    committed,
    keep,
  }: LoadAndKeepOptions,
): Promise<LoadedPackage> {
  let milliseconds: number | undefined;
  const result = await loadPackage(client, sealed, {
    early,
    emit(event) {
      if (event.type === "committed") ({ milliseconds } = event);
      emit(event);
    },
    now,
    signal,
    check: () => store.check(sealed),
    verify,
  });
  // What an earlier run had committed is only tidied up: nothing is known of that load but what it may have kept itself.
  const trace: LoadTrace | undefined =
    milliseconds === undefined
      ? undefined
      : {
          format: 1,
          committedAt: new Date(now()).toISOString(),
          milliseconds,
          location,
          tables: result.tables,
          changes: result.changes,
          warnings: [...warnings],
        };
  // Before the package goes: where the process ends in between, it is found again and this is done then.
  const { importFile, manifest } = sealed;
  if (importFile !== undefined) await writeImport(disk, schemaFolders, manifest.schema, importFile);
  await exportSchema(disk, schemaFolders, sealed.schema);
  await committed();
  await store.finish(sealed.manifest.loadId, keep, trace);
  return result;
}
