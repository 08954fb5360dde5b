import type { ResourceNode } from "../extract/tree.ts";
import { countDiscarded, type DiscardCounts } from "../load-package/discard-count.ts";
import type { OpenPage, ResourceProgress } from "../load-package/journal.ts";
import { plainState } from "../resource/cursor-state.ts";
import type { StateValue } from "../resource/state-value.ts";
import type { ExactObject } from "../util/exact.ts";
import { fromPlain, reconcile } from "../util/json.ts";
import { typedParse, typedStringify } from "../util/json-text.ts";
import type { Json } from "../util/json-value.ts";
import type { PositionSecrets } from "./position-secrets.ts";
import type { SourceState, SourceStateView } from "./source-state.ts";

/** How far one resource has come in this package. */
export class ProgressOf {
  readonly node: ResourceNode;
  /** The state that the resource sees and changes. */
  readonly state: Record<string, StateValue>;
  /** What it was when the draft was begun. */
  readonly stateBefore: Readonly<Record<string, StateValue>>;
  pages = 0;
  rows = 0;
  bytes = 0;
  /** What contracts left out of it, like the numbers above: with commits along the way, of the whole pull. */
  discarded: DiscardCounts = {};
  /** What they had left out when the package was begun. */
  discardedBefore: DiscardCounts = {};
  finished = false;
  /** The position of the last page that counts, and whether there was one. */
  position: Json | undefined;
  /** Of a root: what is to be done before it goes on at that position. */
  inside: readonly OpenPage[] = [];
  /** What `state` was at that position, as text. */
  #stateText: string | undefined;
  /** What it remembered before it was read. */
  readonly before: ExactObject;
  changed = false;

  /** The state of its source, as it sees it. */
  readonly source: SourceStateView;
  /** What it had put there at that position. */
  #sourceText: string | undefined;

  readonly #secrets: PositionSecrets;

  /**
   * @param before what it remembered before it was read
   * @param shared the state of its source
   * @param known how far an earlier run had come
   */
  constructor(
    node: ResourceNode,
    before: ExactObject,
    { secrets, shared }: { readonly secrets: PositionSecrets; readonly shared: SourceState },
    known?: ResourceProgress,
  ) {
    this.node = node;
    this.source = shared.view(known?.sourceState);
    this.#sourceText = known?.sourceState;
    this.#secrets = secrets;
    this.before = before;
    this.#stateText = known?.state;
    const start = known?.state === undefined ? before : (typedParse(known.state) as ExactObject);
    this.state = plainState(start);
    this.stateBefore = plainState(before);
    if (known === undefined) return;
    this.pages = known.pages;
    this.rows = known.rows;
    this.bytes = known.bytes;
    this.discarded = known.discarded ?? {};
    this.position = known.position === undefined ? undefined : secrets.show(known.position);
    this.inside = (known.inside ?? []).map((open) => withSecrets(open, (at) => secrets.show(at)));
    // After a last page nothing is left but to say so.
    this.finished = known.finished || (known.position === null && this.inside.length === 0);
  }

  /** Keeps the state as it is now: it belongs to the position that was just reached. */
  keepState(): void {
    const sourceText = this.source.keep();
    if (sourceText !== this.#sourceText) this.changed = true;
    this.#sourceText = sourceText;
    if (Object.keys(this.state).length === 0 && this.#stateText === undefined) return;
    const text = typedStringify(reconcile(this.state, this.before));
    if (text !== this.#stateText) this.changed = true;
    this.#stateText = text;
  }

  /** What the resource remembers at the end. */
  finalState(): ExactObject {
    const state = reconcile(this.state, this.before);
    return state instanceof Map ? state : (fromPlain({}) as ExactObject);
  }

  discard(table: string, what: "row" | "value"): void {
    this.discarded = countDiscarded(this.discarded, table, what);
  }

  /** What contracts left out, where they did. */
  leftOut(): { readonly discarded?: DiscardCounts } {
    return Object.keys(this.discarded).length === 0 ? {} : { discarded: this.discarded };
  }

  entry(): ResourceProgress {
    const { parent } = this.node.resource;
    return {
      ...(parent === undefined ? {} : { parent: parent.name }),
      finished: this.finished,
      pages: this.pages,
      rows: this.rows,
      bytes: this.bytes,
      ...this.leftOut(),
      ...(this.position === undefined ? {} : { position: this.#secrets.hide(this.position) }),
      ...(this.inside.length === 0
        ? {}
        : { inside: this.inside.map((open) => withSecrets(open, (at) => this.#secrets.hide(at))) }),
      ...(this.#stateText === undefined ? {} : { state: this.#stateText }),
      ...(this.#sourceText === undefined ? {} : { sourceState: this.#sourceText }),
    };
  }
}

function withSecrets(open: OpenPage, change: (at: Json) => Json): OpenPage {
  return open.at === undefined ? open : { ...open, at: change(open.at) };
}
