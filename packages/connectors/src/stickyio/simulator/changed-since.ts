import { rowText } from "./data/row-text.ts";
import { count, type TableName, type World } from "./data/world.ts";

/**
 * @returns the time from which a query wants rows, as it stands there (`search[updated_at]`, spec apis 2.4); `undefined` where
 * it wants all, `null` where it is no time
 */
export function sinceOf(query: URLSearchParams): string | null | undefined {
  const text = query.getAll("search[updated_at]").at(-1);
  if (text === undefined) return undefined;
  return /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d{1,6})?)?$/.test(text) ? text : null;
}

/** A world does not change: what was found in it is found once, however many pages it has. */
const found = new WeakMap<World, Map<string, readonly number[]>>();

/** @returns the indexes of the rows that changed at a time or later. Rows that never changed have none. */
export function changedSince(world: World, table: TableName, since: string): readonly number[] {
  const known = found.get(world) ?? new Map<string, readonly number[]>();
  found.set(world, known);
  const key = `${table} ${since}`;
  const rows = known.get(key) ?? search(world, table, since);
  known.set(key, rows);
  return rows;
}

function search(world: World, table: TableName, since: string): readonly number[] {
  const rows: number[] = [];
  for (let index = 0; index < count(table, world.orders); index++) {
    const { updated_at: at } = JSON.parse(rowText(world, table, index)) as Changed;
    const text = typeof at === "string" ? at : at?.date;
    if (text !== undefined && text >= since) rows.push(index);
  }
  return rows;
}

interface Changed {
  readonly updated_at: string | { readonly date: string } | null;
}
