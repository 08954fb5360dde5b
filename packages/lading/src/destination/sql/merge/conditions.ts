import type { TableRef } from "../dialect.ts";
import type { MergeChain } from "./merge-chain.ts";

/** Columns of two tables, equal one by one. NULL equals nothing. */
export function equal(columns: readonly string[], one: string, other: string): string {
  return columns.map((column) => `${one}.${column} = ${other}.${column}`).join(" AND ");
}

/** The rows that came and that the source filter lets through, with some of their columns only. */
export function filteredSource({ root, sourceFilter }: MergeChain, columns: readonly string[]): string {
  const where = sourceFilter === undefined ? "" : ` WHERE (${sourceFilter})`;
  return `(SELECT ${columns.join(", ")} FROM ${root.staging}${where})`;
}

/**
 * Conditions on rows that are there under which a merge may delete or retire them though they did not come: the
 * destination's scope; else, where there is a merge key, that rows with theirs came.
 */
export function withinReach(chain: MergeChain, target: TableRef): readonly string[] {
  if (chain.destinationScope !== undefined) return [`(${chain.destinationScope})`];
  const { mergeKey } = chain;
  if (mergeKey.length === 0) return [];
  return [`EXISTS (SELECT 1 FROM ${filteredSource(chain, mergeKey)} AS k WHERE ${equal(mergeKey, "k", target)})`];
}

/** That a row that came (`s`) is not what is there (`d`); nothing where there is no column to compare. */
export function isChanged(columns: readonly string[]): string | undefined {
  return columns.length === 0
    ? undefined
    : columns.map((column) => `s.${column} IS DISTINCT FROM d.${column}`).join(" OR ");
}
