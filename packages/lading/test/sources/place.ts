import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import {
  createConfig,
  pipeline,
  type ConfigDocument,
  type Destination,
  type Pipeline,
  type PipelineSource,
  type RunEvent,
  type RunOptions,
  type RunResult,
} from "../../src/index.ts";
import { decodeState } from "../../src/state/pipeline-state.ts";
import { toPlain } from "../../src/util/json.ts";

/** A database, and a machine that loads into it. */
export interface Place extends AsyncDisposable {
  readonly events: readonly RunEvent[];
  readonly work: string;
  readonly destination: Destination;
  pipeline(from: PipelineSource): Pipeline;
  run(from: PipelineSource, options?: RunOptions): Promise<RunResult>;
  /** As another machine: without the working folder. */
  forget(): Promise<void>;
  rows(sql: string): Promise<unknown[][]>;
  /** The states that were loaded, as plain values: the oldest first. */
  states(): Promise<readonly State[]>;
  /** The newest schema of a name. */
  schema(name: string): Promise<{ readonly version: number; readonly tables: Readonly<Record<string, unknown>> }>;
}

export interface State {
  readonly default_schema_name: string;
  readonly schema_names: readonly string[];
  readonly sources?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly _state_version: number;
}

export async function place(settings: ConfigDocument = {}): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "lading-sources-"));
  const database = join(folder, "data.duckdb");
  const work = join(folder, "work");
  const config = createConfig({ providers: [], values: settings, pipelineName: "p" });
  const events: RunEvent[] = [];
  async function rows(sql: string): Promise<unknown[][]> {
    const instance = await DuckDBInstance.fromCache(database);
    const connection = await instance.connect();
    try {
      return (await connection.runAndReadAll(sql)).getRowsJson();
    } finally {
      connection.closeSync();
    }
  }
  const made = (from: PipelineSource): Pipeline =>
    pipeline({ name: "p", source: from, destination: duckdb(database), dataset: "d", workingFolder: work });
  return {
    events,
    destination: duckdb(database),
    work,
    rows,
    pipeline: made,
    async run(from, options) {
      events.length = 0;
      return made(from).run({ config, minFreeDisk: 0, onEvent: (event) => events.push(event), ...options });
    },
    forget: () => rm(work, { recursive: true, force: true }),
    async states() {
      const found = await rows("SELECT state FROM d._dlt_pipeline_state ORDER BY version");
      return found.map(([text]) => toPlain(decodeState(text as string)) as State);
    },
    async schema(name) {
      const [row] = await rows(
        `SELECT version, schema FROM d._dlt_version WHERE schema_name = '${name}' ORDER BY version DESC LIMIT 1`,
      );
      return { ...(JSON.parse(row![1] as string) as { tables: Record<string, unknown> }), version: Number(row![0]) };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
