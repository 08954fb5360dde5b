import { LadingError } from "../../../errors/index.ts";
import { mergeStrategyOf } from "../../../schema/merge-strategy.ts";
import type { Schema, TableSchema } from "../../../schema/schema.ts";
import type { Dialect } from "../dialect.ts";
import { cdc } from "./cdc.ts";
import { checkMergeTable } from "./check-merge-table.ts";
import { deleteInsert } from "./delete-insert.ts";
import { insertOnly } from "./insert-only.ts";
import { mergeChain } from "./merge-chain.ts";
import type { MergeTables } from "./merge-tables.ts";
import { scd2 } from "./scd2.ts";
import { upsert } from "./upsert.ts";

/** What is merged, and into what. */
export interface MergeRequest {
  readonly dialect: Dialect;
  readonly tables: MergeTables;
  readonly schema: Schema;
  /** The root table, then those nested in it, parents before their children. All have their staging tables. */
  readonly chain: readonly [TableSchema, ...TableSchema[]];
  readonly loadId: string;
}

/**
 * The statements that merge what stands in staging tables into a root table and those nested in it, by the strategy of the
 * root table. They depend on nothing but the schema, the rows and the load id, so that a load that is tried again does the
 * same; without `dedup_sort` the last that came of rows with one primary key stays, whatever the strategy.
 *
 * @throws LadingError DISPOSITION_UNSUPPORTED, DISPOSITION_INVALID
 */
export function mergeStatements({ dialect, tables, schema, chain, loadId }: MergeRequest): string[] {
  const [root] = chain;
  checkMergeTable(root);
  const merge = mergeChain(dialect, tables, schema, chain);
  const strategy = mergeStrategyOf(root);
  switch (strategy) {
    case "delete-insert":
      return deleteInsert(merge);
    case "upsert":
      return upsert(merge);
    case "insert-only":
      return insertOnly(merge);
    case "cdc":
      return cdc(merge);
    case "scd2":
      return scd2(merge, loadId);
    default:
      throw new LadingError(
        "DISPOSITION_UNSUPPORTED",
        `The table "${root.name}" is merged by "${String(strategy)}", which is not known.`,
        {
          details: { table: root.name, strategy: String(strategy) },
        },
      );
  }
}
