export type {
  DatasetNames,
  EngineTransaction,
  ExpectedFile,
  FoundTable,
  LoadDialect,
  NameMap,
  PartCopy,
  ResultRow,
  SqlEngine,
  Staging,
  StagingOptions,
} from "./engine.ts";
export { sqlClient } from "./sql-client.ts";
export { refusedRows } from "./refused-rows.ts";
