import { hash32 } from "./dice.ts";
import { count, tableNames, type TableName, type Touch, type World } from "./world.ts";

/** How often a row was changed, and when last. */
export interface Revision {
  readonly times: number;
  /** Milliseconds since 1970; `undefined` while it was never changed. */
  readonly at: number | undefined;
  /** When the shop grew by it, in milliseconds since 1970; `undefined`: it was there from the beginning. */
  readonly addedAt: number | undefined;
}

const never: Revision = { times: 0, at: undefined, addedAt: undefined };

/** @returns the world with more orders, and the rows of the other lists that go with them, which were added at `at`. */
export function grown(world: World, orders: number, at: number): World {
  if (orders === 0) return world;
  return { ...world, orders: world.orders + orders, growths: [...world.growths, { orders: world.orders, at }] };
}

/** @returns the world after `changed` rows of a table (all, if it has fewer), spread evenly over it, were changed at `at`. */
export function touched(world: World, table: TableName, changed: number, at: number): World {
  const total = count(table, world.orders);
  if (total === 0 || changed === 0) return world;
  const salt = world.touches.length * tableNames.length + tableNames.indexOf(table);
  const touch: Touch = {
    table,
    total,
    changed: Math.min(changed, total),
    start: hash32(world.seed, salt, total) % total,
    at,
  };
  return { ...world, touches: [...world.touches, touch] };
}

/** @returns what became of a row since the beginning. */
export function revisionOf(world: World, table: TableName, index: number): Revision {
  const addedAt = world.growths.findLast(({ orders }) => index >= count(table, orders))?.at;
  if (world.touches.length === 0 && addedAt === undefined) return never;
  let times = 0;
  let at: number | undefined;
  for (const touch of world.touches) {
    if (touch.table !== table || !covers(touch, index)) continue;
    times += 1;
    at = at === undefined ? touch.at : Math.max(touch.at, at + 1000);
  }
  return { times, at, addedAt };
}

/** @returns when a row was last changed, and always later than before, even where the clock stands still. */
export function updatedAt(revision: Revision, untouched: number): number {
  const before = Math.max(untouched, revision.addedAt ?? untouched);
  return revision.at === undefined ? before : Math.max(revision.at, before + 1000 * revision.times);
}

/** The changed rows are `floor(k * total / changed)` for each k, counted from `start`: as many as asked, none twice. */
function covers(touch: Touch, index: number): boolean {
  if (index >= touch.total) return false;
  // Whole numbers without end: the product of two large tables is beyond 2^53.
  const place = BigInt((index - touch.start + touch.total) % touch.total);
  const [total, changed] = [BigInt(touch.total), BigInt(touch.changed)];
  const k = (place * changed + total - 1n) / total;
  return k < changed && (k * total) / changed === place;
}
