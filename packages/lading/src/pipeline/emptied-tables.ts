import { dispositionOf } from "../normalize/declare-disposition.ts";
import { declareNested } from "../normalize/declare-nested.ts";
import type { Names } from "../normalize/names.ts";
import { hasSeenData, type Schema } from "../schema/schema.ts";
import type { Extraction } from "./extraction.ts";
import type { PackageSchema } from "./package-schema.ts";

/**
 * Root tables that are replaced though nothing came for them (spec dlt-1.31 2). One that nested hints made a root goes by
 * what they say of it.
 */
export function emptiedTables(
  base: Schema,
  schemas: PackageSchema,
  extraction: Extraction,
  withRows: ReadonlySet<string>,
  names: Names,
): string[] {
  const emptied: string[] = [];
  for (const own of extraction.progress.values()) {
    const { resource } = own.node;
    if (!own.node.loaded || dispositionOf(resource.hints.writeDisposition) !== "replace") continue;
    const roots = [...base.tables.values()].filter((one) => one.resource === resource.name && one.parent === undefined);
    // Any of them may be one that a function chose, with tables of its own below it.
    const nested = new Map(
      roots
        .flatMap(({ name }) => declareNested(resource.hints, resource.name, name, names))
        .map((table) => [table.name, table]),
    );
    for (const table of roots) {
      if (!hasSeenData(table) || withRows.has(table.name)) continue;
      if ((nested.get(table.name)?.write_disposition ?? "replace") !== "replace") continue;
      emptied.push(table.name);
      for (const schema of [schemas.declared, schemas.inferred]) {
        schema.tables.get(table.name)!.write_disposition = "replace";
      }
    }
  }
  return emptied;
}
