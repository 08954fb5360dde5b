import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { createConfig, pipeline, resource, type RunResult } from "../../src/index.ts";
import type { Config } from "../../src/config/config.ts";
import type { Destination } from "../../src/destination/destination.ts";
import type { ResourceHints } from "../../src/resource/hints.ts";

type Row = Readonly<Record<string, unknown>>;

export interface LoadOptions {
  readonly destination: Destination;
  readonly rows?: readonly Row[] | (() => AsyncIterable<readonly Row[]>);
  readonly hints?: Partial<ResourceHints>;
  readonly dataset?: string;
  /** Default: a new one for each load, as on another machine. */
  readonly folder?: string;
  readonly config?: Config;
}

export const noConfig = createConfig({ providers: [], pipelineName: "shop" });

/** One run of a pipeline with one table, `items`. */
export async function load({
  destination,
  rows = [{ id: 1 }],
  hints,
  dataset = "shop data",
  folder,
  config,
}: LoadOptions): Promise<RunResult> {
  const own = folder ?? mkdtempSync(join(tmpdir(), "lading-pg-"));
  try {
    const items = resource({ name: "items", ...hints }, async function* () {
      if (typeof rows === "function") yield* rows();
      else yield rows;
    });
    return await pipeline({ name: "shop", source: items, destination, dataset, workingFolder: own }).run({
      config: config ?? noConfig,
    });
  } finally {
    if (folder === undefined) rmSync(own, { recursive: true, force: true });
  }
}

/** The rows of a query, as the server's superuser. */
export async function ask(url: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
