/// <reference lib="esnext.disposable" preserve="true" />
export {
  createConfig,
  documentProvider,
  environmentProvider,
  isSecret,
  loadProviders,
  readSetting,
  secret,
  type Config,
  type ConfigDocument,
  type ConfigOptions,
  type ConfigProvider,
  type LoadProvidersOptions,
  type Secret,
} from "./config/index.ts";
export type { Dataset, DatasetOptions, Relation, Rows, SystemTables, TablesOf, UntypedRow } from "./dataset/index.ts";
export {
  destination,
  type Batch,
  type BatchColumn,
  type BatchTable,
  type CustomDestinationOptions,
  type WriteBatch,
} from "./destination/custom/index.ts";
export type { Destination } from "./destination/destination.ts";
export { catalog, LadingError, type CatalogEntry, type ErrorCode, type LadingErrorOptions } from "./errors/index.ts";
export {
  isPipeline,
  pipeline,
  type EventListener,
  type LoadResult,
  type Pipeline,
  type PipelineOptions,
  type PipelineSource,
  type RunEvent,
  type RunOptions,
  type RunResult,
  type TableResult,
} from "./pipeline/index.ts";
export {
  incremental,
  isPage,
  page,
  resource,
  source,
  transformer,
  type ColumnHints,
  type ContextOf,
  type ContractMode,
  type Cursor,
  type CursorValue,
  type FluentResource,
  type FunctionContext,
  type Incremental,
  type IncrementalSettings,
  type LastValueFunction,
  type Page,
  type Resource,
  type ResourceChanges,
  type ResourceContext,
  type ResourceHints,
  type ResourceOptions,
  type SchemaContract,
  type SelectableSource,
  type Source,
  type SourceOptions,
  type StateValue,
  type TransformerOptions,
  type ValidationIssue,
  type WriteDisposition,
  type Yielded,
} from "./resource/index.ts";
export type { DataType } from "./schema/data-type.ts";
export type { Exact, ExactObject } from "./util/exact.ts";
export type { Json, JsonObject } from "./util/json-value.ts";
