import { resolve } from "node:path";
import { LadingError } from "../../errors/index.ts";
import { createPipeline, type DestinationParts, fileDestinations } from "../core.ts";
import { execute, type ExecuteOptions } from "../execute.ts";
import type { Host } from "../host.ts";
import { fileRows } from "../rows/file-rows.ts";

/** The options of `lading load`. */
export interface LoadCommandOptions extends ExecuteOptions {
  readonly table: string;
  readonly pipeline: string;
  readonly destination: DestinationParts["type"];
  readonly database?: string;
  readonly dataset?: string;
  readonly writeDisposition: "append" | "replace" | "merge";
  readonly primaryKey?: readonly string[];
}

/** Loads JSON files, or standard input, into a table. */
export async function load(files: readonly string[], options: LoadCommandOptions, host: Host): Promise<number> {
  const { table, pipeline, destination, database, dataset, writeDisposition, primaryKey, ...rest } = options;
  if (writeDisposition === "merge" && primaryKey === undefined) {
    throw new LadingError("USAGE", "To merge, the columns that tell rows apart are needed.", {
      hint: "Name them: --primary-key id",
    });
  }
  if (database !== undefined && !fileDestinations.includes(destination)) {
    throw new LadingError("USAGE", `--database names a file, and ${destination} is a server.`, {
      hint: `Set destination.${destination}.credentials in .dlt/secrets.toml or in the environment.`,
    });
  }
  const { cwd, stdin } = host;
  const hints = { writeDisposition, ...(primaryKey === undefined ? {} : { primaryKey }) };
  const source = await fileRows({ name: table, files, cwd, stdin, hints });
  const parts = {
    name: pipeline,
    source,
    destination: { type: destination, ...(database === undefined ? {} : { path: resolve(cwd, database) }) },
    ...(dataset === undefined ? {} : { dataset }),
  };
  return execute(await createPipeline(parts, host), rest, host);
}
