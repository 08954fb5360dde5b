import { resolve } from "node:path";
import type { Resource } from "../resource/resource.ts";
import type { Source } from "../resource/source.ts";
import type { Runnable } from "./execute.ts";
import type { Host } from "./host.ts";

/** The parts of a pipeline that the command line makes by itself: from a document, or from files. */
export interface PipelineParts {
  readonly name: string;
  readonly source: Source | Resource;
  readonly destination: DestinationParts;
  readonly dataset?: string;
}

/** A destination as data. */
export interface DestinationParts {
  readonly type: "duckdb";
  /** From the project's folder. Default: the destination's own, `<pipeline>.duckdb`. */
  readonly path?: string;
}

/** The destinations that the command line knows by name. */
export const destinationTypes = ["duckdb"] as const;

/** A pipeline of parts. The engine is imported only here, as it is of no use to the other commands. */
export async function createPipeline(parts: PipelineParts, host: Host): Promise<Runnable> {
  const { pipeline, workingFolder, duckdb } = await import("./engine.ts");
  const { local, base } = workingFolder({ ...host, pipeline: parts.name });
  const { path } = parts.destination;
  const destination = path === undefined ? duckdb() : duckdb({ path: resolve(local, path) });
  return pipeline({ ...parts, destination, workingFolder: base });
}

/** The REST source that a document describes, in dlt's spelling. */
export async function createRestSource(document: unknown): Promise<Source> {
  const { restApiFromDlt } = await import("../sources/rest-api/index.ts");
  return restApiFromDlt(document);
}
