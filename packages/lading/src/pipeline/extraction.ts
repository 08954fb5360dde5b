import { setMaxListeners } from "node:events";
import type { Config } from "../config/config.ts";
import type { Destination } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import { readTree, type Extracted } from "../extract/read-tree.ts";
import { Rotation } from "../extract/rotation.ts";
import { descendants, type ResourceNode } from "../extract/tree.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import { emptyJournal, foldJournal, type JournalState, type SchemaChange } from "../load-package/journal.ts";
import { dispositionOf } from "../normalize/declare-disposition.ts";
import { declareTable, rootTableName } from "../normalize/declare.ts";
import type { Names } from "../normalize/names.ts";
import { Normalizer } from "../normalize/normalizer.ts";
import type { Resource, ResourceContext } from "../resource/resource.ts";
import { mergeTable } from "../schema/merge.ts";
import type { TableSchema } from "../schema/schema.ts";
import { tableFromText, tableToText } from "../schema/wire.ts";
import { resourceState, type PipelineState } from "../state/pipeline-state.ts";
import { checkStrategy } from "./check-strategy.ts";
import type { RunEvent } from "./events.ts";
import { invalidRow } from "./invalid-row.ts";
import { declare, type PackageSchema } from "./package-schema.ts";
import { ProgressOf } from "./resource-progress.ts";

/** Milliseconds between checkpoints (design 3). */
const checkpointEvery = 500;
/** Milliseconds after which a checkpoint leaves out the resources that are still in the middle of a parent's page. */
const checkpointAtLast = 1000;
/** Resources that are read at the same time. */
const parallelResources = 20;

export interface ExtractionOptions {
  readonly source: string;
  readonly trees: readonly ResourceNode[];
  readonly draft: DraftPackage;
  /** What an earlier run left of this draft. */
  readonly journal: JournalState | undefined;
  readonly schemas: PackageSchema;
  readonly names: Names;
  readonly destination: Destination;
  /** The state that the draft began with. */
  readonly state: PipelineState;
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly emit: (event: WithoutTime<RunEvent>) => void;
  /** Throws where another run has taken the pipeline: then nothing more may be written. */
  readonly verify: () => Promise<void>;
}

/** An event before it was given its time. */
export type WithoutTime<Event> = Event extends unknown ? Omit<Event, "at"> : never;

/** What extraction knows at its end. */
export interface Extraction {
  readonly progress: ReadonlyMap<string, ProgressOf>;
}

/**
 * Reads resources page by page, normalizes each page at once, and fills the draft; goes on where an earlier run of the
 * draft stopped. Back-pressure comes by itself: the next page is taken when the last one is written.
 */
export async function extract(options: ExtractionOptions): Promise<Extraction> {
  const { draft, trees, schemas, names, signal, now, emit } = options;
  const progress = new Map<string, ProgressOf>();
  const normalizers = new Map<string, Normalizer>();
  const declared = new Set<string>();
  const changes: SchemaChange[] = [];
  const dropped: string[] = [];
  const midway = new Set<ResourceNode>();
  const contexts = new Map<string, ResourceContext>();
  let checkpoints = options.journal?.entries ?? 0;
  let lastCheckpoint = Number.NEGATIVE_INFINITY;
  let durable: Promise<void> = Promise.resolve();

  // Resources stop with the run, and when one of them fails. Many of them listen, which is no leak.
  const failure = new AbortController();
  const resourceSignal = AbortSignal.any([signal, failure.signal]);
  setMaxListeners(0, resourceSignal);

  const rotation = new Rotation<ResourceNode, Extracted>(keepStates);
  let waiting: ResourceNode[] = [];
  let failed = false;
  try {
    await goOn();
    waiting = trees.filter((tree) => !progress.get(tree.resource.name)!.finished);
    startMore();
    for (;;) {
      const since = now() - lastCheckpoint;
      const isDue = since >= (midway.size === 0 ? checkpointEvery : checkpointAtLast);
      if (isDue && hasNews()) await checkpoint();
      // Those in the middle of a page come first then, to get to its end.
      const first = since >= checkpointEvery && midway.size > 0 ? (tree: ResourceNode) => midway.has(tree) : undefined;
      // What was read must not wait for a page that takes minutes.
      const turn = await rotation.next(first, hasNews() ? checkpointEvery : undefined);
      if (turn === "late") continue;
      if (turn === undefined) break;
      if (signal.aborted) throw stopped(signal);
      if (turn.item === undefined) startMore();
      else await take(turn.key, turn.item);
    }
    // A resource that heeds the signal looks finished; half of it must not pass for all.
    if (signal.aborted) throw stopped(signal);
    await checkpoint();
    await durable;
  } catch (error) {
    failed = true;
    await lastWords();
    throw signal.aborted && !LadingError.is(error, "ABORTED") ? stopped(signal, error) : error;
  } finally {
    if (failed) {
      failure.abort();
      // A generator that heeds no signal cannot be waited for.
      void rotation.close();
      await draft.abandon();
    }
  }
  return { progress };

  /** Takes over what the journal says, and drops what cannot be gone on with. */
  async function goOn(): Promise<void> {
    for (const tree of trees) {
      const known = options.journal?.resources.get(tree.resource.name);
      const resumes = known !== undefined && (known.finished || known.position !== undefined);
      for (const node of descendants(tree)) {
        const { name } = node.resource;
        const before = resourceState(options.state, options.source, name) ?? new Map();
        const entry = resumes ? options.journal?.resources.get(name) : undefined;
        progress.set(name, new ProgressOf(node, before, entry));
        if (entry !== undefined && entry.pages > 0) declared.add(name);
        if (resumes || !isKnown(name)) continue;
        await draft.dropRows(name);
        dropped.push(name);
      }
    }
    const known = foldJournal(options.journal ?? emptyJournal, { at: "", dropped });
    for (const change of known.changes) {
      const table = tableFromText(change.table);
      if (change.kind === "declared") declare(schemas, table);
      else mergeTable(schemas.inferred, table);
    }
  }

  /** Whether an earlier run of the draft read something of it, if only what did not come to count. */
  function isKnown(name: string): boolean {
    const { journal } = options;
    return journal?.resources.has(name) === true || journal?.changes.some(({ resource }) => resource === name) === true;
  }

  function startMore(): void {
    while (rotation.size < parallelResources) {
      const tree = waiting.shift();
      if (tree === undefined) return;
      if (tree.loaded) emit({ type: "resource-started", resource: tree.resource.name, table: tableOf(tree.resource) });
      rotation.add(tree, readTree(tree, contextOf));
    }
  }

  function contextOf(resource: Resource): ResourceContext {
    let context = contexts.get(resource.name);
    if (context === undefined) {
      const own = progress.get(resource.name)!;
      context = {
        signal: resourceSignal,
        state: own.state,
        position: own.position ?? undefined,
        config: options.config.within("sources", options.source),
        warn: (message) => emit({ type: "warning", message, resource: resource.name }),
      };
      contexts.set(resource.name, context);
    }
    return context;
  }

  /** States belong to the boundary they stand at: they are copied before the resource is asked for more. */
  function keepStates(tree: ResourceNode, item: Extracted): void {
    const boundary = item.type === "boundary" || item.type === "finished" || item.boundary;
    if (boundary) for (const node of descendants(tree)) progress.get(node.resource.name)!.keepState();
  }

  async function take(tree: ResourceNode, item: Extracted): Promise<void> {
    const root = progress.get(tree.resource.name)!;
    switch (item.type) {
      case "page": {
        const own = progress.get(item.node.resource.name)!;
        if (item.boundary) own.position = item.page.position;
        // Until its rows are all in the buffers, a page that is a boundary by itself is none.
        midway.add(tree);
        takePage(own, item.page);
        if (item.boundary) midway.delete(tree);
        await draft.write();
        return;
      }
      case "boundary":
        root.position = item.position;
        root.changed = true;
        midway.delete(tree);
        return;
      case "finished":
        for (const node of descendants(tree)) {
          const own = progress.get(node.resource.name)!;
          own.finished = true;
          own.changed = true;
          if (node.loaded) {
            emit({
              type: "resource-finished",
              resource: node.resource.name,
              totalPages: own.pages,
              totalRows: own.rows,
              totalBytes: own.bytes,
            });
          }
        }
    }
  }

  function takePage(own: ProgressOf, page: (Extracted & { type: "page" })["page"]): void {
    const { resource } = own.node;
    own.pages++;
    own.changed = true;
    own.rows += page.rows.length;
    own.bytes += page.bytes ?? 0;
    if (!own.node.loaded || dispositionOf(resource.hints.writeDisposition) === "skip") return;
    declareOnce(resource);
    try {
      normalizerOf(resource).normalize(page);
    } catch (error) {
      throw withPlace(invalidRow(error, page.rows), resource.name, own.pages);
    }
    emit({
      type: "page",
      resource: resource.name,
      rows: page.rows.length,
      bytes: page.bytes ?? 0,
      totalPages: own.pages,
      totalRows: own.rows,
      totalBytes: own.bytes,
    });
  }

  function declareOnce(resource: Resource): void {
    if (declared.has(resource.name)) return;
    declared.add(resource.name);
    const table = declareTable(resource.hints, resource.name, names, resource.cursorPath);
    changes.push({ resource: resource.name, kind: "declared", table: tableToText(table) });
    declare(schemas, table);
    const idle = checkStrategy(schemas.declared.tables.get(table.name)!, options.destination);
    for (const message of idle) emit({ type: "warning", message, resource: resource.name });
  }

  function normalizerOf(resource: Resource): Normalizer {
    let normalizer = normalizers.get(resource.name);
    if (normalizer === undefined) {
      normalizer = new Normalizer({
        schema: schemas.inferred,
        names,
        file: (table) => draft.file(resource.name, table),
        rootTable: tableOf(resource),
        onChange: (partial: TableSchema) => {
          changes.push({ resource: resource.name, kind: "inferred", table: tableToText(partial) });
        },
      });
      normalizers.set(resource.name, normalizer);
    }
    return normalizer;
  }

  function tableOf(resource: Resource): string {
    return rootTableName(names, resource.hints, resource.name);
  }

  /** The resources that are not at a boundary: what they have done since their last one does not count yet. */
  function unsettled(): Set<string> {
    return new Set([...midway].flatMap(descendants).map((node) => node.resource.name));
  }

  function hasNews(): boolean {
    if (dropped.length > 0) return true;
    const leftOut = unsettled();
    for (const [name, own] of progress) if (own.changed && !leftOut.has(name)) return true;
    return false;
  }

  async function checkpoint(): Promise<void> {
    await durable;
    await options.verify();
    const leftOut = unsettled();
    const changed = [...progress].filter(([name, own]) => own.changed && !leftOut.has(name));
    for (const [, own] of changed) own.changed = false;
    const content = {
      resources: Object.fromEntries(changed.map(([name, own]) => [name, own.entry()])),
      // Also of those left out: rows of others may be in their columns.
      ...(changes.length === 0 ? {} : { changes: changes.splice(0) }),
      ...(dropped.length === 0 ? {} : { dropped: dropped.splice(0) }),
    };
    lastCheckpoint = now();
    ({ durable } = await draft.checkpoint(content, new Date(now()).toISOString(), leftOut));
    // It is awaited before the next one; until then an error must not count as unhandled.
    durable.catch(() => {});
    emit({ type: "checkpoint", number: ++checkpoints, bytes: draft.bytes });
  }

  /** After an error whole pages still count. */
  async function lastWords(): Promise<void> {
    try {
      await durable;
      if (hasNews()) await checkpoint();
      await durable;
    } catch {
      // The last checkpoint that succeeded stands.
    }
  }
}

function stopped(signal: AbortSignal, cause?: unknown): LadingError {
  const reason: unknown = signal.reason;
  return new LadingError("ABORTED", "The run was stopped before all resources were read.", {
    cause: cause ?? reason,
  });
}

function withPlace(error: LadingError, resource: string, page: number): LadingError {
  const row = error.details["row"];
  const place = `resource ${resource}, page ${page}${typeof row === "number" ? `, row ${row + 1}` : ""}`;
  return new LadingError(error.code, `${error.message} (${place})`, {
    cause: error.cause,
    hint: error.hint,
    details: { ...error.details, resource, page },
  });
}
