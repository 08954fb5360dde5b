import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createConfig,
  LadingError,
  pipeline,
  type Config,
  type Destination,
  type PipelineSource,
  type RunOptions,
  type RunResult,
} from "../../src/index.ts";

/** Syncs cost nothing in memory, where the system has it. */
const fastFolder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Settings of nobody. */
export const noSettings = createConfig({ providers: [], pipelineName: "p" });

/** Settings given in code. */
export function settings(values: Readonly<Record<string, unknown>>): Config {
  return createConfig({ providers: [], pipelineName: "p", values });
}

/** A working folder of a test's own; gone with the scope. */
export interface Place extends AsyncDisposable {
  readonly home: string;
  /** `p`'s own folder. */
  readonly work: string;
  run(source: PipelineSource, destination: Destination, options?: RunOptions): Promise<RunResult>;
  /** The error of Lading that a run ends with. */
  failure(source: PipelineSource, destination: Destination, options?: RunOptions): Promise<LadingError>;
}

export async function place(): Promise<Place> {
  const home = await mkdtemp(join(fastFolder, "lading-own-"));
  const made: Place = {
    home,
    work: join(home, "p"),
    run: (source, destination, options) =>
      pipeline({ name: "p", source, destination, dataset: "d", workingFolder: home }).run({
        config: noSettings,
        ...options,
      }),
    async failure(source, destination, options) {
      try {
        await made.run(source, destination, options);
      } catch (error) {
        if (LadingError.is(error)) return error;
        throw new Error(`not an error of Lading: ${String(error)}`, { cause: error });
      }
      throw new Error("it did not fail");
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
  return made;
}
