import { LadingError } from "../errors/index.ts";
import { descendants, type ResourceNode } from "../extract/tree.ts";
import { rootTableName } from "../normalize/declare.ts";
import type { Names } from "../normalize/names.ts";
import { isSystemTable } from "../schema/schema.ts";

/**
 * Refuses names of tables that cannot be, before anything is read or opened.
 *
 * @throws LadingError NAME_EMPTY; INVALID_ARGUMENT where it would be one of dlt's own tables
 */
export function checkTables(trees: readonly ResourceNode[], names: Names): void {
  for (const { resource, loaded } of trees.flatMap(descendants)) {
    if (!loaded) continue;
    const table = rootTableName(names, resource.hints, resource.name);
    if (!isSystemTable(table)) continue;
    throw new LadingError("INVALID_ARGUMENT", `The resource "${resource.name}" would write to "${table}".`, {
      hint: "Names that begin with _dlt are those of dlt's own tables; give the resource another tableName.",
      details: { resource: resource.name, table },
    });
  }
}
