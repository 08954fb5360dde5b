export type { EventListener, RunEvent } from "./events.ts";
export { isPipeline, pipeline, type Pipeline, type PipelineOptions, type PipelineSource } from "./pipeline.ts";
export type { LoadResult, RunResult, TableResult } from "./result.ts";
export type { AbortPlan } from "./abort-packages.ts";
export type { PendingPackage } from "./pending-package.ts";
export type { AbortOptions, ExtractOptions, LoadOptions, RunOptions } from "./run-options.ts";
export type { RunCommand, RunTrace, TraceError, TraceSetting, TraceStep } from "./run-trace.ts";
