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
import type { SchemaContract } from "../resource/hints.ts";
import type { Resource, ResourceContext } from "../resource/resource.ts";
import { mergeTable } from "../schema/merge.ts";
import type { TableSchema } from "../schema/schema.ts";
import { tableFromText, tableToText } from "../schema/wire.ts";
import { resourceState, type PipelineState } from "../state/pipeline-state.ts";
import { checkStrategy } from "./check-strategy.ts";
import type { EarlyLoading } from "./early-loading.ts";
import type { RunEvent } from "./events.ts";
import { invalidRow } from "./invalid-row.ts";
import { allowedDeclaration, declare, type PackageSchema } from "./package-schema.ts";
import { discardedText, type DiscardedData } from "./discarded-text.ts";
import { ProgressOf } from "./resource-progress.ts";
import { fitsTree, TreeProgress, type Counted } from "./tree-progress.ts";

/** Milliseconds between checkpoints (design 3). */
const checkpointEvery = 500;
/** Resources that are read at the same time. */
const parallelResources = 20;

export interface ExtractionOptions {
  readonly source: string;
  readonly trees: readonly ResourceNode[];
  readonly draft: DraftPackage;
  /** What an earlier run left of this draft. */
  readonly journal: JournalState | undefined;
  readonly schemas: PackageSchema;
  /** In the place of those of the resources. */
  readonly schemaContract: SchemaContract | undefined;
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
  /** What contracts leave out is kept in files of the package. */
  readonly keepDiscarded: boolean;
  /** Takes row files as they are finished. */
  readonly early: EarlyLoading;
  /** Throws where the disk is nearly full. Asked after checkpoints: what was read is kept. */
  readonly checkDisk: () => Promise<void>;
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
  const { draft, trees, schemas, names, signal, now, emit, early } = options;
  const progress = new Map<string, ProgressOf>();
  const normalizers = new Map<string, Normalizer>();
  const declared = new Set<string>();
  /** Resources of which the table is discarded. */
  const refused = new Set<string>();
  const changes: SchemaChange[] = [];
  const dropped: string[] = [];
  const wholes = new Map<ResourceNode, TreeProgress>();
  const contexts = new Map<string, ResourceContext>();
  let checkpoints = options.journal?.entries ?? 0;
  let durable: Promise<void> = Promise.resolve();

  // Resources stop with the run, and when one of them fails. Many of them listen, which is no leak.
  const failure = new AbortController();
  const resourceSignal = AbortSignal.any([signal, failure.signal]);
  setMaxListeners(0, resourceSignal);

  const rotation = new Rotation<ResourceNode, Extracted>(keepPlace);
  let waiting: ResourceNode[] = [];
  let failed = false;
  try {
    await goOn();
    waiting = trees.filter((tree) => !progress.get(tree.resource.name)!.finished);
    startMore();
    for (;;) {
      if (isDue(now())) {
        await checkpoint();
        await options.checkDisk();
      }
      // What was read must not wait for a page that takes minutes.
      const turn = await rotation.next(hasNews() || early.isHolding ? checkpointEvery : undefined);
      if (turn === "late") {
        early.look();
        continue;
      }
      if (turn === undefined) break;
      if (signal.aborted) throw stopped(signal);
      if (turn.item === undefined) startMore();
      else await take(turn.key, turn.item);
      early.look();
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
      const resumes =
        known !== undefined && (known.finished || known.position !== undefined) && fitsTree(tree, known.inside ?? []);
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
    const declaring = new Set(known.changes.flatMap(({ kind, resource }) => (kind === "declared" ? [resource] : [])));
    for (const name of declared) if (!declaring.has(name)) refused.add(name);
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
      wholes.set(tree, new TreeProgress(members(tree), checkpointEvery, now()));
      const { position, inside } = progress.get(tree.resource.name)!;
      const start = { position, inside, textOf: (page: string) => draft.page(page) };
      rotation.add(tree, readTree(tree, { contextOf, start }));
    }
  }

  function contextOf(resource: Resource): ResourceContext {
    let context = contexts.get(resource.name);
    if (context === undefined) {
      const own = progress.get(resource.name)!;
      context = {
        signal: resourceSignal,
        state: own.state,
        position: undefined,
        config: options.config.within("sources", options.source),
        warn: (message) => emit({ type: "warning", message, resource: resource.name }),
      };
      contexts.set(resource.name, context);
    }
    return context;
  }

  function members(tree: ResourceNode): ProgressOf[] {
    return descendants(tree).map((node) => progress.get(node.resource.name)!);
  }

  function keepPlace(tree: ResourceNode, item: Extracted): void {
    const { position } = progress.get(tree.resource.name)!;
    wholes.get(tree)!.keep(item.type === "finished" ? { position, open: [] } : item.place, now());
  }

  async function take(tree: ResourceNode, item: Extracted): Promise<void> {
    const whole = wholes.get(tree)!;
    if (item.type === "page") {
      whole.unsettle();
      takePage(progress.get(item.node.resource.name)!, item.page);
    } else if (item.type === "finished") {
      whole.finish();
      members(tree).forEach(sayFinished);
    }
    whole.settle();
    if (item.type === "page") await draft.write();
  }

  function discard(own: ProgressOf, one: DiscardedData): void {
    own.discard(one.table, one.what);
    if (options.keepDiscarded)
      draft.file(own.node.resource.name, one.table, "discarded").buffer.line(discardedText(one));
  }

  function sayFinished(own: ProgressOf): void {
    if (!own.node.loaded) return;
    emit({
      type: "resource-finished",
      resource: own.node.resource.name,
      totalPages: own.pages,
      totalRows: own.rows,
      totalBytes: own.bytes,
    });
  }

  function takePage(own: ProgressOf, page: (Extracted & { type: "page" })["page"]): void {
    const { resource } = own.node;
    own.pages++;
    own.changed = true;
    own.rows += page.rows.length;
    own.bytes += page.bytes ?? 0;
    if (!own.node.loaded || dispositionOf(resource.hints.writeDisposition) === "skip") return;
    const { discarded } = own;
    for (const one of page.discarded ?? [])
      discard(own, { table: tableOf(resource), what: "row", entity: "data_type", ...one });
    try {
      declareOnce(resource);
      if (refused.has(resource.name))
        for (const row of page.rows) discard(own, { table: tableOf(resource), what: "row", entity: "tables", row });
      else normalizerOf(own).normalize(page);
    } catch (error) {
      throw withPlace(invalidRow(error, page.rows), resource.name, own.pages);
    }
    if (own.discarded !== discarded) emit({ type: "discarded", resource: resource.name, tables: own.discarded });
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
    const { schemaContract = resource.hints.schemaContract } = options;
    const hints = { ...resource.hints, ...(schemaContract !== undefined && { schemaContract }) };
    const table = allowedDeclaration(schemas, declareTable(hints, resource.name, names, resource.cursorPath));
    if (table === undefined) {
      refused.add(resource.name);
      return;
    }
    changes.push({ resource: resource.name, kind: "declared", table: tableToText(table) });
    declare(schemas, table);
    const idle = checkStrategy(schemas.declared.tables.get(table.name)!, options.destination);
    for (const message of idle) emit({ type: "warning", message, resource: resource.name });
  }

  function normalizerOf(own: ProgressOf): Normalizer {
    const { resource } = own.node;
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
        onDiscard: (one) => discard(own, one),
      });
      normalizers.set(resource.name, normalizer);
    }
    return normalizer;
  }

  function tableOf(resource: Resource): string {
    return rootTableName(names, resource.hints, resource.name);
  }

  function hasNews(): boolean {
    return dropped.length > 0 || [...wholes.values()].some((whole) => whole.hasNews);
  }

  function isDue(at: number): boolean {
    return dropped.length > 0 || [...wholes.values()].some((whole) => whole.isDue(at));
  }

  async function checkpoint(): Promise<void> {
    await durable;
    await options.verify();
    const at = now();
    const unsettled = [...wholes].filter(([, whole]) => !whole.isSettled).flatMap(([tree]) => members(tree));
    const counted: Counted = { resources: {}, pages: new Map() };
    for (const whole of wholes.values()) whole.count(counted, at);
    const content = {
      resources: counted.resources,
      // Also of those left out: rows of others may be in their columns.
      ...(changes.length === 0 ? {} : { changes: changes.splice(0) }),
      ...(dropped.length === 0 ? {} : { dropped: dropped.splice(0) }),
    };
    const leftOut = new Set(unsettled.map(({ node }) => node.resource.name));
    ({ durable } = await draft.checkpoint(content, new Date(at).toISOString(), leftOut, counted.pages));
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
