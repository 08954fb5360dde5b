export type { DropOptions, DropResult } from "./drop/drop.ts";
export type { DropPlan, DropRequest } from "./drop/plan-drop.ts";
export type { EventListener, RunEvent } from "./events.ts";
export { isPipeline, pipeline, type Pipeline, type PipelineOptions, type PipelineSource } from "./pipeline.ts";
export type { LoadResult, RunResult, TableResult } from "./result.ts";
export type { RefreshMode } from "./refresh.ts";
export type { SyncResult } from "./sync.ts";
export type { RunOptions } from "./run-options.ts";
