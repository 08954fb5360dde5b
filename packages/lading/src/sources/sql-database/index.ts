export type { ConnectionCredentials } from "./connect.ts";
export { listTables, type ListTablesOptions } from "./list-tables.ts";
export type {
  ColumnInfo,
  QueryAdapter,
  ReadOptions,
  ReflectionLevel,
  SplitOptions,
  TableOptions,
  TableQuery,
} from "./options.ts";
export type { TableRow } from "./row-values.ts";
export { sqlDatabase, type SqlDatabaseOptions } from "./sql-database.ts";
export { sqlTable } from "./sql-table.ts";
export { sql, type SqlIdentifier, type SqlText, type SqlValue } from "./sql-text.ts";
