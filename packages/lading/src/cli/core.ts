import { resolve } from "node:path";
import type { Destination } from "../destination/destination.ts";
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
  readonly type: (typeof destinationTypes)[number];
  /** A database file, from the project's folder. Default: the destination's own, `<pipeline>.duckdb`. */
  readonly path?: string;
}

/** The destinations that the command line knows by name. */
export const destinationTypes = ["duckdb", "postgres"] as const;

/** Those whose database is a file. All others are found by their settings, `destination.<type>.credentials`. */
export const fileDestinations: readonly string[] = ["duckdb"];

/** A pipeline of parts. The engine is imported only here, as it is of no use to the other commands. */
export async function createPipeline(parts: PipelineParts, host: Host): Promise<Runnable> {
  const { pipeline, workingFolder } = await import("./engine.ts");
  const { local, base } = workingFolder({ ...host, pipeline: parts.name });
  const destination = await createDestination(parts.destination, local);
  return pipeline({ ...parts, destination, workingFolder: base });
}

async function createDestination({ type, path }: DestinationParts, folder: string): Promise<Destination> {
  switch (type) {
    case "duckdb": {
      const { duckdb } = await import("./engine.ts");
      return path === undefined ? duckdb() : duckdb({ path: resolve(folder, path) });
    }
    case "postgres": {
      const { postgres } = await import("../destinations/postgres/index.ts");
      return postgres();
    }
  }
}

/** The REST source that a document describes, in dlt's spelling. */
export async function createRestSource(document: unknown): Promise<Source> {
  const { restApiFromDlt } = await import("../sources/rest-api/index.ts");
  return restApiFromDlt(document);
}
