export type {
  DatasetNames,
  EngineTransaction,
  FoundTable,
  LoadDialect,
  NameMap,
  PartCopy,
  ResultRow,
  SqlEngine,
  Staging,
  StagingOptions,
} from "./engine.ts";
export { sqlClient, type SqlClientOptions } from "./sql-client.ts";
