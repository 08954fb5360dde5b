export type {
  AuthConfig,
  ClientConfig,
  EndpointConfig,
  PaginatorConfig,
  ProcessingStep,
  ResourceConfig,
  ResourceDefaults,
  RestApiConfig,
} from "./config.ts";
export type { EndpointIncremental, IncrementalParam } from "./endpoint-incremental.ts";
export { type FromDltOptions, restApiFromDlt } from "./from-dlt.ts";
export { restApi } from "./rest-api.ts";
export type { RestApiRuntime } from "./runtime.ts";
export { type RowType, rowType } from "./row-type.ts";
export type { RestApiSource } from "./types.ts";
