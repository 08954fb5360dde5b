export type { Cursor, FunctionContext } from "./context.ts";
export { standaloneContext } from "./context.ts";
export type { CursorValue } from "./cursor-value.ts";
export { resource, type ContextOf, type ResourceOptions } from "./define-resource.ts";
export { source, type SelectableSource, type SourceOptions } from "./define-source.ts";
export type { FluentResource, ResourceChanges, YieldedRows } from "./fluent-resource.ts";
export type {
  Cardinality,
  ColumnHints,
  ContractMode,
  NestedHints,
  ReferenceHints,
  ResourceHints,
  SchemaContract,
  TableName,
} from "./hints.ts";
export { incremental, type Incremental, type IncrementalSettings, type LastValueFunction } from "./incremental.ts";
export { isPage, page, type Page } from "./page.ts";
export type { LimitOptions } from "./limit.ts";
export type { Resource, ResourceContext, Yielded } from "./resource.ts";
export type { Source } from "./source.ts";
export type { StateValue } from "./state-value.ts";
export { transformer, type Transformer, type TransformerOptions, type UnboundOptions } from "./transformer.ts";
export type { ValidationIssue } from "./validate-step.ts";
export type { Cdc, DeleteInsert, InsertOnly, Moment, Scd2, Upsert, WriteDisposition } from "./write-disposition.ts";
