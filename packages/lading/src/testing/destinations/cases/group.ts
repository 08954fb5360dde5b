import { deepStrictEqual } from "node:assert/strict";
import { resource, type Resource, type ResourceHints } from "../../../resource/index.ts";
import type { CaseContext } from "../case-context.ts";
import type { DestinationCase } from "../destination-suite.ts";
import type { Need } from "../subject.ts";

/** Cases of a group: the name of each begins with that of the group. */
export function group(
  name: string,
  cases: Readonly<Record<string, DestinationCase["run"] | Omit<DestinationCase, "name">>>,
): readonly DestinationCase[] {
  return Object.entries(cases).map(([sentence, one]) => ({
    name: `${name}: ${sentence}`,
    ...(typeof one === "function" ? { run: one } : one),
  }));
}

/** A case that not every destination can have. */
export function needing(needs: readonly Need[], run: DestinationCase["run"]): Omit<DestinationCase, "name"> {
  return { needs, run };
}

/** A resource `t` of rows; `name` gives it another name. */
export function rowsOf(
  rows: unknown,
  { name = "t", ...hints }: ResourceHints & { readonly name?: string } = {},
): Resource {
  return resource({ name, ...hints }, () => rows as Iterable<unknown>);
}

/** Some columns of `t`, as they must be. */
export async function holds(
  context: CaseContext,
  columns: readonly string[],
  expected: readonly (readonly unknown[])[],
  table = "t",
): Promise<void> {
  deepStrictEqual(await context.rows(table, columns), expected);
}

/** Rows that are merged by `id`. */
export function merged(strategy: string, hints: ResourceHints = {}): ResourceHints {
  return {
    writeDisposition: { disposition: "merge", strategy } as ResourceHints["writeDisposition"] & object,
    primaryKey: "id",
    ...hints,
  };
}

/** Fails where a nested row has no parent, an id is there twice, or a row belongs to no load. */
export async function isWhole(context: CaseContext): Promise<void> {
  deepStrictEqual((await context.content()).faults, []);
}
