import type { Selector } from "../../http/index.ts";
import type { Exact, ExactObject } from "../../util/exact.ts";

/** A place in a state: keys of objects, indexes of lists. */
export type StatePath = readonly (string | number)[];

/** The places in a state that a path leads to. The state as a whole is none. */
export function findPaths(selector: Selector, state: ExactObject): readonly StatePath[] {
  let found: { readonly path: StatePath; readonly value: Exact }[] = [{ path: [], value: state }];
  for (const step of selector.steps) {
    found = found.flatMap(({ path, value }) =>
      entriesOf(value)
        .filter(([key]) => "each" in step || key === ("key" in step ? step.key : place(step.index, value)))
        .map(([key, one]) => ({ path: [...path, key], value: one })),
    );
  }
  return found.map(({ path }) => path).filter((path) => path.length > 0);
}

/** Takes places out of a state. What lies in one that is taken out goes with it. */
export function deletePaths(state: ExactObject, paths: readonly StatePath[]): void {
  // From the end of lists, so that the places before stay where they are.
  for (const path of paths.toSorted(lastFirst)) {
    const key = path.at(-1)!;
    const parent = path.slice(0, -1).reduce<Exact | undefined>(childOf, state);
    if (parent instanceof Map) parent.delete(String(key));
    else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  }
}

/** As dlt shows it: `resources.orders.incremental`, `seen.[0]`. */
export function printPath(path: StatePath): string {
  return path.map((key) => (typeof key === "number" ? `[${key}]` : /^[\w-]+$/.test(key) ? key : `'${key}'`)).join(".");
}

function entriesOf(value: Exact): (readonly [string | number, Exact])[] {
  if (value instanceof Map) return [...value];
  return Array.isArray(value) ? (value as readonly Exact[]).map((one, index) => [index, one] as const) : [];
}

function place(index: number, value: Exact): number {
  return index < 0 && Array.isArray(value) ? value.length + index : index;
}

function childOf(value: Exact | undefined, key: string | number): Exact | undefined {
  if (value instanceof Map) return value.get(String(key));
  return Array.isArray(value) ? (value as readonly Exact[])[Number(key)] : undefined;
}

function lastFirst(one: StatePath, other: StatePath): number {
  for (const [index, key] of one.entries()) {
    const against = other[index];
    if (against === undefined) return -1;
    if (key === against) continue;
    return typeof key === "number" && typeof against === "number"
      ? against - key
      : String(key) < String(against)
        ? 1
        : -1;
  }
  return other.length > one.length ? 1 : 0;
}
