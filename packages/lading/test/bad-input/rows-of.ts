import { resource, type ResourceHints, type Resource } from "../../src/resource/index.ts";

/** A resource `t` of anything at all, typed as little as JavaScript would. */
export function rowsOf(data: unknown, hints: ResourceHints & { readonly name?: string } = {}): Resource {
  const { name = "t", ...rest } = hints;
  return resource({ name, ...rest }, () => data as Iterable<unknown>);
}

/** A resource `t` of a generator function. */
export function generated(read: () => AsyncIterable<unknown> | Iterable<unknown>, hints: ResourceHints = {}): Resource {
  return resource({ name: "t", ...hints }, read);
}

/** Rows of one page, between which something happens to the world. */
export function rowsWhile(rows: readonly unknown[], happens: () => unknown, hints: ResourceHints = {}): Resource {
  return generated(async function* () {
    yield rows;
    await happens();
  }, hints);
}

export const merged = { writeDisposition: "merge", primaryKey: "id" } as const;
