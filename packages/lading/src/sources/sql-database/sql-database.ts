import { source, type SelectableSource, type SourceOptions } from "../../resource/define-source.ts";
import type { FluentResource } from "../../resource/fluent-resource.ts";
import type { ReadOptions, TableOptions } from "./options.ts";
import type { TableRow } from "./row-values.ts";
import { sqlTable } from "./sql-table.ts";

/** A table by its name, or with what is said of it. */
export type TableGiven = string | TableOptions;

/** Options of {@link sqlDatabase}. */
export interface SqlDatabaseOptions<
  Name extends string = string,
  Tables extends readonly TableGiven[] = readonly TableGiven[],
>
  extends ReadOptions, SourceOptions {
  /** Default: `sql_database`. */
  readonly name?: Name;
  /** Tables and views, in the order in which they are read. */
  readonly tables: Tables;
}

type ResourceName<Given> = Given extends string
  ? Given
  : Given extends { readonly name: infer Name extends string }
    ? Name
    : Given extends { readonly table: infer Table extends string }
      ? Table
      : string;

/** A resource for each table. */
export type TableResources<Tables extends readonly TableGiven[]> = {
  readonly [Index in keyof Tables]: FluentResource<ResourceName<Tables[Index]>, TableRow>;
};

/**
 * A source of tables and views of a PostgreSQL server or a DuckDB file.
 *
 * ```ts
 * const shop = sqlDatabase({
 *   credentials: secret("shop_url"),
 *   schema: "public",
 *   tables: ["customers", { table: "orders", incremental: incremental("updated_at"), writeDisposition: "merge" }],
 * });
 * ```
 *
 * @throws LadingError NAME_EMPTY, INVALID_ARGUMENT
 */
export function sqlDatabase<
  const Name extends string = "sql_database",
  const Tables extends readonly TableGiven[] = readonly TableGiven[],
>(options: SqlDatabaseOptions<Name, Tables>): SelectableSource<Name, TableResources<Tables>> {
  const { name = "sql_database", tables, maxTableNesting, rootKey, schemaContract, ...shared } = options;
  const resources = tables.map((given) =>
    sqlTable({ ...shared, ...(typeof given === "string" ? { table: given } : given) }),
  );
  return source(name, resources, {
    ...(maxTableNesting !== undefined && { maxTableNesting }),
    ...(rootKey !== undefined && { rootKey }),
    ...(schemaContract !== undefined && { schemaContract }),
  }) as unknown as SelectableSource<Name, TableResources<Tables>>;
}
