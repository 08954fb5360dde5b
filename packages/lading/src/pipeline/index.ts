export type { EventListener, RunEvent } from "./events.ts";
export { isPipeline, pipeline, type Pipeline, type PipelineOptions, type PipelineSource } from "./pipeline.ts";
export type { LoadResult, RunResult, TableResult } from "./result.ts";
export type { RefreshMode } from "./refresh.ts";
export type { RunOptions } from "./run-options.ts";
