export type { Capabilities } from "./capabilities.ts";
export type {
  ConnectOptions,
  Destination,
  DestinationClient,
  EarlyLoad,
  EarlyRequest,
  LoadIdentity,
  LoadRequest,
  LoadTransaction,
  StoredSchema,
  StoredState,
  TableChange,
  TableCount,
} from "./destination.ts";
export { addColumns, createTable, storedColumns } from "./sql/ddl.ts";
export type { Dialect, TableRef } from "./sql/dialect.ts";
export { mergeStatements, replaceFromStaging, type MergeRequest, type MergeTables } from "./sql/merge/index.ts";
export * as systemRows from "./sql/system-rows.ts";
export type { SqlReader } from "./sql-reader.ts";
