import type { TableSchema } from "../../../schema/schema.ts";
import { storedColumns } from "../ddl.ts";
import type { Dialect } from "../dialect.ts";
import type { MergeTables } from "./merge-tables.ts";

/** Replaces tables by what is in their staging tables: insert-from-staging (spec dlt-core 8.3). */
export function replaceFromStaging(dialect: Dialect, tables: MergeTables, chain: readonly TableSchema[]): string[] {
  return chain.flatMap((table) => {
    const columns = storedColumns(table)
      .map(({ name }) => dialect.quote(name))
      .join(", ");
    const target = tables.target(table.name);
    return [
      `DELETE FROM ${target}`,
      `INSERT INTO ${target} (${columns}) SELECT ${columns} FROM ${tables.staging(table.name)}`,
    ];
  });
}
