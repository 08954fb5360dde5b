import type { ColumnSchema, TableSchema } from "./schema.ts";

/** How a table is merged (spec dlt-core 8.1, dlt-1.31 5). */
export const mergeStrategies = ["delete-insert", "upsert", "insert-only", "scd2", "cdc"] as const;
export type MergeStrategy = (typeof mergeStrategies)[number];

/** How a table is replaced. */
export const replaceStrategies = ["truncate-and-insert", "insert-from-staging", "staging-optimized"] as const;
export type ReplaceStrategy = (typeof replaceStrategies)[number];

/**
 * The strategy of a root table as its schema has it; `delete-insert` where it says none.
 *
 * @returns `undefined` where the table is not merged. A schema of a later dlt may name a strategy that is not known here.
 */
export function mergeStrategyOf(root: TableSchema): MergeStrategy | undefined {
  if (root.write_disposition !== "merge") return undefined;
  return (root["x-merge-strategy"] ?? "delete-insert") as MergeStrategy;
}

/** Whether rows pass their id down to all that is nested in them: the merge finds nested rows by it (spec dlt-core 2.6). */
export function passesRootIds(root: TableSchema): boolean {
  const strategy = mergeStrategyOf(root);
  return strategy !== undefined && strategy !== "scd2";
}

/**
 * What the id of a row of a root table is made from (spec dlt-core 2.5): drawn by chance, the hash of its primary key, or
 * the hash of all that stands in its document.
 */
export type RootIdKind = "random" | "key" | "content";

export function rootIdKind(root: TableSchema): RootIdKind {
  switch (mergeStrategyOf(root)) {
    case "upsert":
    case "insert-only":
    case "cdc":
      return "key";
    case "scd2":
      return rowVersion(root)?.name === "_dlt_id" ? "content" : "random";
    default:
      return "random";
  }
}

/** The column that tells versions of a row apart. Declared columns count before they have a type. */
export function rowVersion(root: TableSchema): ColumnSchema | undefined {
  return [...root.columns.values()].find((column) => column["x-row-version"] === true);
}

/**
 * A column of row files that no table has: which row of the root table a row belongs to, drawn anew for each. Where ids are
 * hashes, two rows with one key have the same id, and so do the rows nested in them; only this tells them apart. With its
 * quotes it is a name that no naming convention makes.
 */
export const rootRowColumn = '"root row"';

/** Whether the rows of a table, and those nested in it, have {@link rootRowColumn}. */
export function marksRootRows(root: TableSchema): boolean {
  const strategy = mergeStrategyOf(root);
  return strategy !== undefined && strategy !== "delete-insert";
}
