import type { PackageView } from "../pipeline/inspect/inspect-package.ts";
import { inspectPipeline } from "../pipeline/inspect/inspect-pipeline.ts";
import { readLastRun } from "../pipeline/last-run.ts";
import type { RunTrace } from "../pipeline/run-trace.ts";
import { compareLoadIds } from "../load-package/load-ids.ts";

/** A schema as it stood at the newest load that is kept. */
export interface SchemaInfo {
  readonly name: string;
  readonly version: number;
  readonly hash: string;
  /** Tables that have rows, dlt's own not. */
  readonly tables: readonly string[];
}

/** What is known of a pipeline on this machine. */
export interface PipelineInfo {
  readonly name: string;
  readonly workingFolder: string;
  /** Unknown before the first load. */
  readonly destination?: string;
  readonly dataset?: string;
  readonly stateVersion?: number;
  readonly schemas: readonly SchemaInfo[];
  /** The newest load that was committed from here. */
  readonly lastLoad?: { readonly loadId: string; readonly sealedAt: string };
  /** How the last run, extraction or load on this machine ended. */
  readonly lastRun?: {
    readonly command: RunTrace["command"];
    readonly outcome: RunTrace["outcome"];
    /** ISO 8601, UTC. */
    readonly finishedAt: string;
    /** Of the error. */
    readonly code?: string;
  };
  readonly pending: {
    /** Packages that wait to be loaded, by load id. */
    readonly packages: readonly string[];
    /** When the extraction began that was not finished. */
    readonly draft?: string;
  };
}

/**
 * Reads a pipeline's working folder, without a lock: a run may be at work in it, and nothing is changed.
 * @param now milliseconds since 1970
 * @returns `undefined` where there is no such folder
 */
export async function readPipelineInfo(name: string, folder: string, now: number): Promise<PipelineInfo | undefined> {
  const view = await inspectPipeline(folder, { now });
  if (view === undefined) return undefined;
  const last = await readLastRun(folder);
  const { loaded, pending, draft } = view;
  const known = [...loaded, ...pending]
    .filter(({ sealedAt }) => sealedAt !== undefined)
    .toSorted((a, b) => compareLoadIds(b.loadId, a.loadId));
  const [newest] = known;
  const lastLoad = known.find(({ state }) => state === "loaded");
  return {
    name,
    workingFolder: folder,
    ...(newest?.destination === undefined ? {} : { destination: newest.destination }),
    ...(newest?.dataset === undefined ? {} : { dataset: newest.dataset }),
    ...(newest?.stateVersion === undefined ? {} : { stateVersion: newest.stateVersion }),
    schemas: newestSchemas(known),
    ...(lastLoad?.sealedAt === undefined ? {} : { lastLoad: { loadId: lastLoad.loadId, sealedAt: lastLoad.sealedAt } }),
    ...(last && {
      lastRun: {
        command: last.command,
        outcome: last.outcome,
        finishedAt: last.finishedAt,
        ...(last.error && { code: last.error.code }),
      },
    }),
    pending: {
      packages: pending.map(({ loadId }) => loadId),
      ...(draft?.beganAt === undefined ? {} : { draft: draft.beganAt }),
    },
  };
}

function newestSchemas(known: readonly PackageView[]): readonly SchemaInfo[] {
  const schemas = new Map<string, SchemaInfo>();
  for (const { schema } of known) {
    if (schema !== undefined && !schemas.has(schema.name)) schemas.set(schema.name, schema);
  }
  return [...schemas.values()];
}
