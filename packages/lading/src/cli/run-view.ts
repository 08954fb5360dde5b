import type { RunEvent } from "../pipeline/events.ts";

/** How far one resource is. Times in milliseconds since 1970. */
export interface ResourceView {
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly pages: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What is known of a run from its events. */
export interface RunView {
  readonly startedAt: number | undefined;
  readonly title: string;
  readonly resources: ReadonlyMap<string, ResourceView>;
  /** Tables that were copied in the load at hand. */
  readonly tables: ReadonlyMap<string, { readonly rows: number; readonly bytes: number }>;
  readonly load:
    | { readonly loadId: string; readonly files: number; readonly bytes: number; readonly startedAt: number }
    | undefined;
  /** Packages that are sealed and not yet committed. */
  readonly sealed: readonly string[];
  readonly committed: readonly string[];
  /** The resources as they stood at the last checkpoint. */
  readonly checkpoint: ReadonlyMap<string, ResourceView> | undefined;
  /** Unfinished work that this run took up. */
  readonly resumed: "draft" | "package" | "pull" | "sources" | undefined;
  readonly ended: boolean;
}

/** A run of which nothing is known. */
export const emptyView: RunView = {
  startedAt: undefined,
  title: "",
  resources: new Map(),
  tables: new Map(),
  load: undefined,
  sealed: [],
  committed: [],
  checkpoint: undefined,
  resumed: undefined,
  ended: false,
};

/** What is known of a run after one more event. Pure. */
export function viewAfter(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case "run-started":
      return { ...view, startedAt: event.at, title: `${event.pipeline} → ${event.destination} (${event.dataset})` };
    case "resumed":
      return { ...view, resumed: event.what, sealed: event.loadId === undefined ? view.sealed : [event.loadId] };
    case "resource-started":
      return withResource(view, event.resource, { startedAt: event.at, pages: 0, rows: 0, bytes: 0 });
    case "page":
    case "resource-finished":
      return withResource(view, event.resource, {
        startedAt: view.resources.get(event.resource)?.startedAt ?? event.at,
        pages: event.totalPages,
        rows: event.totalRows,
        bytes: event.totalBytes,
        ...(event.type === "resource-finished" ? { finishedAt: event.at } : {}),
      });
    case "checkpoint":
      return { ...view, checkpoint: view.resources };
    case "sealed":
      return { ...view, sealed: [...view.sealed, event.loadId] };
    case "load-started": {
      const { loadId, files, bytes, at } = event;
      return { ...view, load: { loadId, files, bytes, startedAt: at }, tables: new Map() };
    }
    case "copied":
      return { ...view, tables: new Map(view.tables).set(event.table, sum(view.tables.get(event.table), event)) };
    case "committed":
      return {
        ...view,
        load: undefined,
        committed: [...view.committed, event.loadId],
        sealed: view.sealed.filter((loadId) => loadId !== event.loadId),
      };
    case "run-finished":
    case "run-failed":
      return { ...view, ended: true };
    case "discarded":
    case "migrated":
    case "warning":
      return view;
  }
}

function withResource(view: RunView, name: string, resource: ResourceView): RunView {
  return { ...view, resources: new Map(view.resources).set(name, resource) };
}

interface Copied {
  readonly rows: number;
  readonly bytes: number;
}

/** A table is copied in several files. */
function sum(before: Copied | undefined, more: Copied): Copied {
  return { rows: (before?.rows ?? 0) + more.rows, bytes: (before?.bytes ?? 0) + more.bytes };
}
