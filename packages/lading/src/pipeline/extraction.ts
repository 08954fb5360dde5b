import { setMaxListeners } from "node:events";
import type { Config } from "../config/config.ts";
import type { Destination } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import { readTree, type Extracted } from "../extract/read-tree.ts";
import { Rotation } from "../extract/rotation.ts";
import { descendants, type ResourceNode } from "../extract/tree.ts";
import type { DraftPackage } from "../load-package/draft-package.ts";
import { emptyJournal, foldJournal, type JournalState, type ResourceProgress } from "../load-package/journal.ts";
import type { Names } from "../normalize/names.ts";
import { rootTableName } from "../normalize/root-table.ts";
import type { SchemaContract } from "../resource/hints.ts";
import { rowCount } from "../resource/page.ts";
import type { Resource, ResourceContext } from "../resource/resource.ts";
import { resourceState, sourceValues, type PipelineState } from "../state/pipeline-state.ts";
import { isCommitDue, type CommitEvery } from "./commit-every.ts";
import type { EarlyLoading } from "./early-loading.ts";
import type { RunEvent, WithoutTime } from "./events.ts";
import type { PackageSchema } from "./package-schema.ts";
import { createPageTaker, type PageTaker } from "./page-taker.ts";
import { positionSecrets } from "./position-secrets.ts";
import { ProgressOf } from "./resource-progress.ts";
import { SourceState } from "./source-state.ts";
import { fitsTree, TreeProgress, type Counted } from "./tree-progress.ts";

/** Milliseconds between checkpoints (design 3). */
const checkpointEvery = 500;
/** Resources that are read at the same time. */
const parallelResources = 20;

export interface ExtractionOptions {
  readonly source: string;
  readonly trees: readonly ResourceNode[];
  /** What is to be filled now. Asked at the beginning, and after each commit along the way. */
  readonly target: () => Target;
  /** How far a pull had come that was committed along the way: where a draft knows nothing of a resource, this counts. */
  readonly pull: ReadonlyMap<string, ResourceProgress>;
  readonly commitEvery: CommitEvery | undefined;
  /** In the place of those of the resources. */
  readonly schemaContract: SchemaContract | undefined;
  /** What contracts leave out is kept in files of the package. */
  readonly keepDiscarded: boolean;
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
  /** Throws where the disk is nearly full. Asked after checkpoints: what was read is kept. */
  readonly checkDisk: () => Promise<void>;
}

/** A package while it is filled. */
export interface Target {
  readonly draft: DraftPackage;
  /** What an earlier run left of this draft. */
  readonly journal: JournalState | undefined;
  readonly schemas: PackageSchema;
  /** Takes row files as they are finished. */
  readonly early: EarlyLoading;
}

/** What extraction knows when a package is full. */
export interface Extraction {
  readonly progress: ReadonlyMap<string, ProgressOf>;
  readonly sourceState: SourceState;
  /** Everything is read; else the pull goes on in another package. */
  readonly isFinished: boolean;
}

/**
 * Reads resources page by page, normalizes each page at once, and fills the draft; goes on where an earlier run of the
 * draft stopped. Back-pressure comes by itself: the next page is taken when the last one is written.
 *
 * Yields when a package is full: once, at the end; with `commitEvery` also on the way, wherever every resource is at a
 * place from which a machine without a working folder could go on. Resources are not asked again for what they gave.
 */
export async function* extract(options: ExtractionOptions): AsyncGenerator<Extraction, void, undefined> {
  const { trees, names, signal, now, emit } = options;
  const first = options.target();
  let { draft, early, journal } = first;
  let taker: PageTaker = createPageTaker({ ...options, ...first });
  const progress = new Map<string, ProgressOf>();
  const sourceState = new SourceState(sourceValues(options.state, options.source));
  const dropped: string[] = [];
  const wholes = new Map<ResourceNode, TreeProgress>();
  const contexts = new Map<string, ResourceContext>();
  let checkpoints = journal?.entries ?? 0;
  let durable: Promise<void> = Promise.resolve();
  let sinceCommit = { pages: 0, rows: 0, at: now() };

  // Resources stop with the run, and when one of them fails. Many of them listen, which is no leak.
  const failure = new AbortController();
  const resourceSignal = AbortSignal.any([signal, failure.signal]);
  setMaxListeners(0, resourceSignal);

  const rotation = new Rotation<ResourceNode, Extracted>(keepPlace);
  let waiting: ResourceNode[] = [];
  let isDone = false;
  let isFilling = true;
  try {
    await goOn();
    waiting = trees.filter((tree) => !progress.get(tree.resource.name)!.finished);
    startMore();
    for (;;) {
      if (isDue(now())) {
        await checkpoint();
        await options.checkDisk();
      }
      // Those that are not where a commit can be made get there first.
      const behind = isCommitDue(options.commitEvery, { ...sinceCommit, milliseconds: now() - sinceCommit.at })
        ? new Set([...wholes].filter(([, whole]) => !whole.canCommit).map(([tree]) => tree))
        : undefined;
      if (behind?.size === 0) {
        await checkpoint();
        await durable;
        isFilling = false;
        yield { progress, sourceState, isFinished: false };
        fillNext();
      }
      const among = behind === undefined || behind.size === 0 ? undefined : (tree: ResourceNode) => behind.has(tree);
      // What was read must not wait for a page that takes minutes.
      const turn = await rotation.next(waitsForTime() ? checkpointEvery : undefined, among);
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
    isDone = true;
  } catch (error) {
    await lastWords();
    throw signal.aborted && !LadingError.is(error, "ABORTED") ? stopped(signal, error) : error;
  } finally {
    if (!isDone) {
      failure.abort();
      // A generator that heeds no signal cannot be waited for.
      void rotation.close();
      if (isFilling) await draft.abandon();
    }
  }
  yield { progress, sourceState, isFinished: true };

  /** The package is loaded: what comes now goes into the next one. */
  function fillNext(): void {
    const target = options.target();
    ({ draft, early, journal } = target);
    taker = createPageTaker({ ...options, ...target });
    for (const own of progress.values()) own.discardedBefore = own.discarded;
    isFilling = true;
    sinceCommit = { pages: 0, rows: 0, at: now() };
  }

  /** Takes over what the journal says, and drops what cannot be gone on with. */
  async function goOn(): Promise<void> {
    const secrets = positionSecrets(options.config);
    const resumed: Resource[] = [];
    for (const tree of trees) {
      const known = before(tree.resource.name);
      const resumes =
        known !== undefined && (known.finished || known.position !== undefined) && fitsTree(tree, known.inside ?? []);
      for (const node of descendants(tree)) {
        const { name } = node.resource;
        const remembered = resourceState(options.state, options.source, name) ?? new Map();
        const of = { secrets, shared: sourceState };
        const own = new ProgressOf(node, remembered, of, resumes ? before(name) : undefined);
        progress.set(name, own);
        if (resumes) {
          own.discardedBefore = options.pull.get(name)?.discarded ?? {};
          resumed.push(node.resource);
        }
        if (resumes || !isKnown(name)) continue;
        await draft.dropRows(name);
        dropped.push(name);
      }
    }
    taker.replay(foldJournal(journal ?? emptyJournal, { at: "", dropped }).changes, resumed);
  }

  /** How far an earlier run had come. */
  function before(name: string): ResourceProgress | undefined {
    return journal?.resources.get(name) ?? options.pull.get(name);
  }

  /** Whether an earlier run of the draft read something of it, if only what did not come to count. */
  function isKnown(name: string): boolean {
    return journal?.resources.has(name) === true || journal?.changes.some(({ resource }) => resource === name) === true;
  }

  function startMore(): void {
    while (rotation.size < parallelResources) {
      const tree = waiting.shift();
      if (tree === undefined) return;
      if (tree.loaded) sayStarted(tree.resource);
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
        stateBefore: own.stateBefore,
        sourceState: own.source.state,
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
      sinceCommit.pages++;
      sinceCommit.rows += rowCount(item.page);
      taker.take(progress.get(item.node.resource.name)!, item.page);
    } else if (item.type === "finished") {
      whole.finish();
      members(tree).forEach(sayFinished);
    }
    whole.settle();
    if (item.type === "page") await draft.write();
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

  function sayStarted({ name, hints }: Resource): void {
    const table = rootTableName(names, hints, name);
    emit({ type: "resource-started", resource: name, ...(table !== undefined && { table }) });
  }

  function hasNews(): boolean {
    return dropped.length > 0 || [...wholes.values()].some((whole) => whole.hasNews);
  }

  /** Whether there is something to do though no page comes. */
  function waitsForTime(): boolean {
    const mayCommit = options.commitEvery?.seconds !== undefined && sinceCommit.pages > 0;
    return hasNews() || early.isHolding || mayCommit;
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
    const changes = taker.takeChanges();
    const content = {
      resources: counted.resources,
      // Also of those left out: rows of others may be in their columns.
      ...(changes.length === 0 ? {} : { changes }),
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
