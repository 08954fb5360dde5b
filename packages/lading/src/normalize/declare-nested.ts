import { LadingError } from "../errors/index.ts";
import { checkKeys } from "../resource/check-keys.ts";
import type { NestedHints, ResourceHints } from "../resource/hints.ts";
import type { TableSchema } from "../schema/schema.ts";
import { declareDisposition, dispositionFromDlt } from "./declare-disposition.ts";
import { referenceFromDlt, storedReferences } from "./declare-references.ts";
import { columnHintsFromDlt, declareColumns } from "./declare.ts";
import type { Names } from "./names.ts";

const nestedKeys = ["columns", "primaryKey", "mergeKey", "writeDisposition", "references"] as const;

/**
 * What a resource declares of the tables that are nested in one of its own, in stored form, parents first (spec dlt-core
 * 6.4). One that has a key is a root table of the resource, all others have a parent.
 *
 * @param root the table's name, normalized
 * @throws LadingError INVALID_ARGUMENT for hints that a nested table cannot have; NAME_EMPTY
 */
export function declareNested(hints: ResourceHints, resource: string, root: string, names: Names): TableSchema[] {
  return Object.entries(hints.nestedHints ?? {})
    .map(([path, nested]) => ({ path, parts: path.split("."), nested }))
    .toSorted((a, b) => a.parts.length - b.parts.length)
    .map(({ path, parts, nested }) => {
      const what = `The nested hints "${path}" of "${resource}"`;
      checkKeys(what, nested, nestedKeys);
      if (parts.some((part) => part.trim() === "")) throw new LadingError("NAME_EMPTY", `${what} have an empty step.`);
      const normalized = [root, ...parts.map((part) => names.table(part))];
      return declareOne(nested, resource, names, {
        name: names.join(normalized),
        parent: names.join(normalized.slice(0, -1)),
      });
    });
}

function declareOne(
  hints: NestedHints,
  resource: string,
  names: Names,
  { name, parent }: { readonly name: string; readonly parent: string },
): TableSchema {
  const columns = declareColumns(hints, names);
  const hasKey = [...columns.values()].some((column) => column.primary_key === true || column.merge_key === true);
  const table: TableSchema = hasKey ? { columns, name, resource } : { columns, name, parent };
  if (hasKey || hints.writeDisposition !== undefined) {
    declareDisposition(table, hints.writeDisposition, resource, names);
  }
  if (hints.references !== undefined) table["references"] = storedReferences(hints.references, names);
  return table;
}

/** What is declared of a nested table and cannot come to pass, as texts. */
export function idleNested(table: TableSchema, root: TableSchema): readonly string[] {
  const { write_disposition: own } = table;
  if (own === undefined || own === root.write_disposition) return [];
  return [
    `The nested table "${table.name}" is declared as ${own}, but is written with "${root.name}", which is ` +
      `${root.write_disposition ?? "append"}. With a primary or merge key it has a disposition of its own.`,
  ];
}

/** Nested hints as they stand in dlt's own snake_case documents; steps of a path are joined with dots. */
export function nestedHintsFromDlt(
  given: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Record<string, NestedHints> {
  return Object.fromEntries(
    Object.entries(given).map(([path, hints]) => {
      const { columns, primary_key, merge_key, write_disposition, references, ...rest } = hints;
      return [
        path,
        {
          ...rest,
          ...(columns !== undefined && { columns: columnHintsFromDlt(columns as never) }),
          ...(primary_key !== undefined && { primaryKey: primary_key as string }),
          ...(merge_key !== undefined && { mergeKey: merge_key as string }),
          ...(write_disposition !== undefined && { writeDisposition: dispositionFromDlt(write_disposition as string) }),
          ...(references !== undefined && {
            references: (references as readonly Record<string, unknown>[]).map(referenceFromDlt),
          }),
        },
      ];
    }),
  );
}
