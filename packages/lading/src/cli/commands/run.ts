import { execute, type ExecuteOptions } from "../execute.ts";
import type { Host } from "../host.ts";
import { openPipeline } from "../open-pipeline.ts";

/** The options of `lading run`. */
export interface RunCommandOptions extends ExecuteOptions {
  readonly pipeline?: string;
}

/** Runs the pipeline in a module or document. */
export async function run(file: string, { pipeline, ...options }: RunCommandOptions, host: Host): Promise<number> {
  const wanted = pipeline === undefined ? {} : { wanted: pipeline };
  return execute(await openPipeline({ file, host, ...wanted }), options, host);
}
