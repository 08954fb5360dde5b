import type { StoredPage } from "../extract/held-page.ts";
import type { Place } from "../extract/place.ts";
import type { ResourceNode } from "../extract/tree.ts";
import type { OpenPage, ResourceProgress } from "../load-package/journal.ts";
import type { ProgressOf } from "./resource-progress.ts";

/** What a checkpoint says of some trees. */
export interface Counted {
  readonly resources: Record<string, ResourceProgress>;
  /** Texts of parents' pages that are not on the disk yet, by name. */
  readonly pages: Map<string, string>;
}

/** A place, with what the pages that are open there are on the disk. */
interface Kept {
  readonly place: Place;
  readonly stored: readonly StoredPage[];
}

/**
 * How far a tree of resources has come, and whether it is at a place from which it can go on: only then does what it did
 * since its last checkpoint count.
 */
export class TreeProgress {
  readonly #members: readonly ProgressOf[];
  /** Milliseconds of work that may be lost. */
  readonly #every: number;
  /** The place of the item that is being taken. */
  #next: Kept | undefined;
  #stored: readonly StoredPage[] = [];
  #isSettled = true;
  /** When it was at a place that was kept, and when one of its places was in a checkpoint, or might have been. */
  #keptAt: number;
  #countedAt: number;

  /** @param members of the tree, its root first */
  constructor(members: readonly ProgressOf[], every: number, now: number) {
    this.#members = members;
    this.#every = every;
    this.#keptAt = now;
    this.#countedAt = now;
  }

  /**
   * Keeps a place, and the states that belong to it: to be called when an item comes out of the tree, before it is asked
   * for more. A parent's page is made ready for the disk only where there is enough work to lose.
   * @param place none: the tree cannot go on after the item
   */
  keep(place: Place | undefined, now: number): void {
    const isWorthIt = now - Math.min(this.#keptAt, this.#countedAt) >= this.#every;
    this.#next = place && kept(place, isWorthIt);
    if (this.#next === undefined) return;
    this.#keptAt = now;
    for (const member of this.#members) member.keepState();
  }

  /** Until {@link settle}: rows of the item are only in part in the buffers. */
  unsettle(): void {
    this.#isSettled = false;
  }

  /** The item is taken. */
  settle(): void {
    if (this.#next === undefined) return;
    const { place, stored } = this.#next;
    const root = this.#members[0]!;
    root.changed = true;
    root.position = place.position;
    root.inside = place.open.map(({ child, at }, index): OpenPage => {
      const { name } = stored[index]!;
      return { page: name, child, ...(at === undefined ? {} : { at }) };
    });
    this.#stored = stored;
    this.#isSettled = true;
  }

  finish(): void {
    for (const member of this.#members) {
      member.finished = true;
      member.changed = true;
    }
  }

  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Whether a run that has nothing but the position of the root could go on from here. */
  get canCommit(): boolean {
    const { finished, position, inside } = this.#members[0]!;
    if (finished) return true;
    const isUntouched = this.#members.every(({ pages }) => pages === 0);
    return this.#isSettled && inside.length === 0 && (position !== undefined || isUntouched);
  }

  /** Whether there is something that a checkpoint would keep. */
  get hasNews(): boolean {
    return this.#isSettled && this.#members.some(({ changed }) => changed);
  }

  /** Whether a checkpoint should be made on its account. */
  isDue(now: number): boolean {
    return this.hasNews && now - this.#countedAt >= this.#every;
  }

  /** Puts what has changed into a checkpoint. */
  count(into: Counted, now: number): void {
    if (!this.#isSettled) return;
    this.#countedAt = now;
    for (const member of this.#members) {
      if (!member.changed) continue;
      member.changed = false;
      into.resources[member.node.resource.name] = member.entry();
    }
    for (const page of this.#stored) {
      if (page.text !== undefined) into.pages.set(page.name, page.text);
      page.text = undefined;
    }
  }
}

/** Whether the pages that a run has left open are pages of this tree. */
export function fitsTree(root: ResourceNode, inside: readonly OpenPage[]): boolean {
  let node: ResourceNode | undefined = root;
  for (const { child } of inside) node = node?.children.find(({ resource }) => resource.name === child);
  return node !== undefined;
}

function kept(place: Place, mayStore: boolean): Kept | undefined {
  const stored: StoredPage[] = [];
  for (const { held } of place.open) {
    const page = held.stored ?? (mayStore ? held.store() : undefined);
    if (page === undefined) return undefined;
    stored.push(page);
  }
  return { place, stored };
}
