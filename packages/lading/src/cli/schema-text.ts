import { isSystemTable, type ColumnSchema, type Schema, type TableSchema } from "../schema/schema.ts";
import { formatAmount, formatTable, printable } from "./format.ts";
import type { Style } from "./style.ts";

/** A schema for people: each table with what it is, its columns with their types and what they are for. Pure. */
export function schemaLines(schema: Schema, from: string, style: Style): readonly string[] {
  const tables = [...schema.tables.values()].toSorted(
    (a, b) => Number(isSystemTable(a.name)) - Number(isSystemTable(b.name)),
  );
  return [
    `${style.bold(printable(schema.name))}: schema version ${schema.version ?? 1}, ${schema.versionHash ?? ""}, ${formatAmount(tables.length, "table")}`,
    `  ${printable(from)}; names by ${printable(schema.normalizers.names)}`,
    ...tables.flatMap((table) => [
      "",
      `${style.bold(printable(table.name))}${style.dim(`  ${printable(kindOf(table))}`)}`,
      ...formatTable(
        [...table.columns.values()].map((column) => [
          `  ${printable(column.name)}`,
          typeOf(column),
          printable(roleOf(column)),
        ]),
      ),
    ]),
  ];
}

function kindOf(table: TableSchema): string {
  if (isSystemTable(table.name)) return "dlt's own";
  if (table.parent !== undefined) return `in ${table.parent}`;
  const strategy = table["x-merge-strategy"];
  const resource = table.resource === table.name ? [] : [`of ${table.resource ?? ""}`];
  return [`${table.write_disposition ?? "append"}${strategy === undefined ? "" : ` (${strategy})`}`, ...resource].join(
    ", ",
  );
}

function typeOf({ data_type: type, precision, scale }: ColumnSchema): string {
  if (type === undefined) return "no value yet";
  const size = [precision, scale].filter((one) => one !== undefined);
  return size.length === 0 ? type : `${type}(${size.join(", ")})`;
}

const roles = [
  ["primary_key", "primary key"],
  ["merge_key", "merge key"],
  ["unique", "unique"],
  ["row_key", "row key"],
  ["parent_key", "parent's row"],
  ["root_key", "root's row"],
  ["hard_delete", "marks deleted rows"],
  ["incremental", "cursor"],
  ["variant", "variant"],
] as const;

function roleOf(column: ColumnSchema): string {
  return [
    ...(column.nullable === false ? ["not null"] : []),
    ...roles.flatMap(([hint, words]) => (column[hint] === true ? [words] : [])),
    ...(column.dedup_sort === undefined ? [] : [`dedup ${column.dedup_sort}`]),
    ...(column.description === undefined ? [] : [column.description]),
  ].join(", ");
}
