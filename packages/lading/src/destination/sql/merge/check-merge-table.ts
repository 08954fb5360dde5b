import { LadingError } from "../../../errors/index.ts";
import { mergeStrategyOf, type MergeStrategy } from "../../../schema/merge-strategy.ts";
import type { ColumnSchema, TableSchema } from "../../../schema/schema.ts";

const needKey: ReadonlySet<MergeStrategy> = new Set(["upsert", "insert-only", "cdc"]);

/**
 * Checks that a merged root table has what its strategy needs (spec dlt-core 8.1). Columns count that have no type yet.
 *
 * @returns what is declared and has no effect, or hardly the one that is meant, as sentences for people
 * @throws LadingError DISPOSITION_INVALID
 */
export function checkMergeTable(table: TableSchema): readonly string[] {
  const strategy = mergeStrategyOf(table);
  if (strategy === undefined) return [];
  const columns = [...table.columns.values()];
  const has = (hint: (column: ColumnSchema) => boolean): boolean => columns.some(hint);
  const hasPrimaryKey = has((column) => column.primary_key === true);
  const hasMergeKey = has((column) => column.merge_key === true);
  if (needKey.has(strategy) && !hasPrimaryKey) {
    throw new LadingError("DISPOSITION_INVALID", `"${table.name}" is merged by ${strategy} and has no primary key.`, {
      hint: "Declare the key: `primaryKey`.",
      details: { table: table.name, strategy },
    });
  }
  atMostOne(
    table,
    "hard_delete",
    columns.filter((column) => column.hard_delete === true),
  );
  atMostOne(
    table,
    "dedup_sort",
    columns.filter((column) => column.dedup_sort !== undefined),
  );
  const idle: string[] = [];
  if (hasMergeKey && (strategy === "upsert" || strategy === "insert-only"))
    idle.push(`"${table.name}" has a merge key, which has no effect with ${strategy}.`);
  if (!hasPrimaryKey && has((column) => column.dedup_sort !== undefined))
    idle.push(`"${table.name}" has a dedup_sort, which has no effect without a primary key.`);
  if (
    strategy === "delete-insert" &&
    !hasPrimaryKey &&
    !hasMergeKey &&
    table["x-merge-destination-scope"] === undefined
  )
    idle.push(`"${table.name}" is merged and has neither a primary nor a merge key: its rows are only added.`);
  const mirrors = strategy === "cdc" || strategy === "scd2";
  const isLimited = hasMergeKey || table["x-merge-destination-scope"] !== undefined;
  if (mirrors && !isLimited && has((column) => column.incremental === true)) {
    const what = strategy === "cdc" ? "deleted" : "retired";
    idle.push(`"${table.name}" is read incrementally, and merged by ${strategy}: rows that do not come are ${what}.`);
  }
  return idle;
}

function atMostOne({ name }: TableSchema, hint: string, columns: readonly ColumnSchema[]): void {
  if (columns.length <= 1) return;
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  throw new LadingError("DISPOSITION_INVALID", `"${name}" has more than one column with ${hint}: ${names}.`, {
    hint: "Declare one. A declaration of an earlier run stays until the column is declared without it (`false`, `null`).",
    details: { table: name, columns: columns.map((column) => column.name) },
  });
}
