import { isSystemTable, type ColumnSchema, type Schema } from "../schema/schema.ts";

/**
 * A schema as a Mermaid diagram of entities: tables with their columns, nested ones joined to theirs, and what columns were
 * declared to refer to. dlt's own tables are left out, as every schema has the same. Pure.
 */
export function schemaMermaid(schema: Schema): string {
  const tables = [...schema.tables.values()].filter(({ name }) => !isSystemTable(name));
  const boxes = tables.flatMap(({ name, columns }) => [
    `    ${quoted(name)} {`,
    ...[...columns.values()].map((column) => `        ${columnLine(column)}`),
    "    }",
  ]);
  const joins = tables.flatMap((table) => [
    ...(table.parent === undefined ? [] : [`    ${quoted(table.name)} }|--|| ${quoted(table.parent)} : "_dlt_parent"`]),
    ...referencesOf(table["references"]).map(
      ({ to, columns }) => `    ${quoted(table.name)} }|--|| ${quoted(to)} : ${quoted(columns)}`,
    ),
  ]);
  return ["erDiagram", ...boxes, ...joins].join("\n");
}

/** A quoted name may have anything but quotes. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', "'").replaceAll(/\s+/g, " ")}"`;
}

/** Names of columns cannot be quoted: what a diagram does not take becomes `_`. */
function columnLine({ name, data_type: type, primary_key: isPrimary, unique, description }: ColumnSchema): string {
  const bare = name.replaceAll(/[^\p{L}\p{N}_-]/gu, "_");
  const key = isPrimary === true ? " PK" : unique === true ? " UK" : "";
  return `${type ?? "unknown"} ${bare}${key}${description === undefined ? "" : ` ${quoted(description)}`}`;
}

function referencesOf(value: unknown): readonly { readonly to: string; readonly columns: string }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    const { referenced_table: to, columns } = (one ?? {}) as Readonly<Record<string, unknown>>;
    return typeof to === "string" ? [{ to, columns: Array.isArray(columns) ? columns.join(", ") : "" }] : [];
  });
}
