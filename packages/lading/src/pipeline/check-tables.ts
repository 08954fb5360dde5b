import { LadingError } from "../errors/index.ts";
import { descendants, type ResourceNode } from "../extract/tree.ts";
import { mergeStrategyIn } from "../normalize/declare-disposition.ts";
import type { Names } from "../normalize/names.ts";
import { rootTableName } from "../normalize/root-table.ts";
import { isSystemTable } from "../schema/schema.ts";

/**
 * Refuses tables that cannot be, before anything is read or opened.
 *
 * @throws LadingError NAME_EMPTY; INVALID_ARGUMENT where it would be one of dlt's own tables; DISPOSITION_INVALID where
 *   resources that share a table want it merged in different ways
 */
export function checkTables(trees: readonly ResourceNode[], names: Names): void {
  const merged = new Map<string, { readonly resource: string; readonly strategy: string }>();
  for (const { resource, loaded } of trees.flatMap(descendants)) {
    if (!loaded) continue;
    const table = rootTableName(names, resource.hints, resource.name);
    // What a function names is checked when it does.
    if (table === undefined) continue;
    const strategy = mergeStrategyIn(resource.hints.writeDisposition);
    if (strategy !== undefined) {
      const other = merged.get(table);
      // Ids of rows, and what row files say of them, are made for one strategy.
      if (other !== undefined && other.strategy !== strategy)
        throw strategiesDiffer(table, other.resource, resource.name);
      merged.set(table, { resource: resource.name, strategy });
    }
    if (!isSystemTable(table)) continue;
    throw new LadingError("INVALID_ARGUMENT", `The resource "${resource.name}" would write to "${table}".`, {
      hint: "Names that begin with _dlt are those of dlt's own tables; give the resource another tableName.",
      details: { resource: resource.name, table },
    });
  }
}

export function strategiesDiffer(table: string, one: string, other: string): LadingError {
  return new LadingError(
    "DISPOSITION_INVALID",
    `"${one}" and "${other}" merge their rows into "${table}" by different strategies.`,
    {
      hint: "Give both the same write disposition, or a table of its own to each (`tableName`).",
      details: { table, resources: [one, other] },
    },
  );
}
