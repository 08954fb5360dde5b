import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createConfig } from "../../src/config/create-config.ts";
import { environmentProvider } from "../../src/config/environment-provider.ts";
import { pipeline } from "../../src/pipeline/index.ts";
import type { Resource } from "../../src/resource/resource.ts";
import type { Source } from "../../src/resource/source.ts";
import type { StateValue } from "../../src/resource/state-value.ts";
import { restApiFromDlt } from "../../src/sources/rest-api/index.ts";
import { goldenCase, type GoldenCase, type Observed } from "../../src/testing/golden/index.ts";
import { Masker } from "../../src/testing/golden/mask.ts";
import { chain, documentIds, sourceOf } from "../../src/testing/golden/run-case.ts";
import type { Exact, ExactObject } from "../../src/util/exact.ts";
import { parseExact, toPlain } from "../../src/util/json.ts";
import { stringify } from "../../src/util/json-text.ts";
import { duckdbIn, type Database } from "./databases.ts";
import { maskTimes } from "./mask-times.ts";
import type { DltCheck, DltRun, PythonDlt } from "./python-dlt.ts";

/** Who runs a step: Lading, or one of the dlts. */
export type Runner = "lading" | PythonDlt;

/** One step, as it was run and as it left the dataset. */
export interface RunStep {
  readonly observed: Observed;
  /** What dlt said, where it was the one. */
  readonly dlt: DltRun | undefined;
}

/** All steps, and the hashes in the end where that was asked for. */
export interface Sequence {
  readonly steps: readonly RunStep[];
  readonly check: DltCheck | undefined;
}

export interface SequenceOptions {
  /** An empty folder for this sequence alone. */
  readonly folder: string;
  /** Where the rows go; default: a DuckDB file in the folder. */
  readonly database?: Database;
  /** Each keeps its working folder from step to step; default: everything comes back from the destination. */
  readonly keepsFolders?: boolean;
  /** Is called with the number of each step, from 0. */
  readonly beforeStep?: (index: number) => void;
  /** dlt is given resources instead of a source. */
  readonly isBare?: boolean;
  /** Reads all hashes that are in the dataset in the end. */
  readonly check?: PythonDlt;
}

/** Keys of a resource that golden cases do not have. */
const ownKeys = ["state", "sourceState", "fileFormat"] as const;

/**
 * Runs a document in the form of the golden cases, each step by the runner in its place, with one database; and gives
 * back the dataset after each, what is drawn by chance masked. Beyond a golden case there are `{"$time": text}` for a
 * moment, `state` and `sourceState` of a resource (put into the state while it is read), and `rest`: a source of the
 * REST API source in dlt's own keys, in the place of resources.
 */
export async function runSequence(
  text: string,
  runners: readonly Runner[],
  options: SequenceOptions,
): Promise<Sequence> {
  const document = parseExact(text) as ExactObject;
  // Resources that are in no source belong to a schema with the pipeline's name.
  if (options.isBare === true) document.delete("source");
  const documents = document.get("steps") as ExactObject[];
  const golden = goldenCase(withoutOwn(revive(document)));
  if (golden.unsupported.length > 0) throw new TypeError(`Not known in a case: ${golden.unsupported.join(", ")}`);
  const masker = new Masker(documentIds(golden), golden.hashedIds);
  const database = options.database ?? duckdbIn(options.folder);
  const { destination } = database;
  const config = createConfig({
    providers: [environmentProvider({ variables: golden.env })],
    pipelineName: golden.pipeline,
  });
  const steps: RunStep[] = [];
  for (const index of golden.steps.keys()) {
    const runner = runners[index % runners.length]!;
    const name = runner === "lading" ? "lading" : `dlt-${runner.version}`;
    const folder = join(options.folder, options.keepsFolders === true ? name : `${name}-${index}`);
    await mkdir(folder, { recursive: true });
    options.beforeStep?.(index);
    let error: readonly string[] | null = null;
    let dlt: DltRun | undefined;
    if (runner === "lading") {
      const source = ladingSource(document, documents[index]!, golden, index);
      const made = pipeline({
        name: golden.pipeline,
        source: options.isBare === true ? source.resources : source,
        destination,
        dataset: golden.dataset,
        workingFolder: folder,
      });
      const { refresh } = golden.steps[index]!;
      await made.run({ config, ...(refresh && { refresh }) }).catch((cause: unknown) => (error = chain(cause)));
    } else {
      dlt = await runner.run({
        case: stringify(new Map([...document].filter(([key]) => key !== "steps"))),
        step: stringify(documents[index]),
        ...(options.isBare === true && { bare: "true" }),
        destination: JSON.stringify(database.dlt),
        folder: JSON.stringify(folder),
      });
      error = dlt.error;
    }
    await using client = await destination.connect({
      pipeline: golden.pipeline,
      dataset: golden.dataset,
      config,
      folder,
      workingFolder: folder,
      signal: new AbortController().signal,
    });
    const observed = maskTimes(await database.observe(client.reader(), golden.dataset));
    steps.push({ observed: masker.mask({ error, ...observed }), dlt });
  }
  return { steps, check: await options.check?.check(database.dlt, golden.dataset) };
}

function ladingSource(document: ExactObject, stepDocument: ExactObject, golden: GoldenCase, index: number): Source {
  const rest = document.get("rest");
  if (rest !== undefined) return restApiFromDlt({ ...(toPlain(rest) as object), name: golden.source! });
  const source = sourceOf(golden, golden.steps[index]!);
  const resources = (stepDocument.get("resources") as ExactObject[]).map((one, at) => {
    const state = one.get("state");
    return state === undefined ? source.resources[at]! : remembering(source.resources[at]!, toPlain(state));
  });
  return { ...source, resources };
}

/** Puts something into its state while it is read. */
function remembering(resource: Resource, state: unknown): Resource {
  return {
    ...resource,
    async *pages(context) {
      Object.assign(context.state, state as Record<string, StateValue>);
      yield* resource.pages(context);
    },
  };
}

/** `{"$time": text}` as a moment. */
function revive(value: Exact): Exact {
  if (Array.isArray(value)) return value.map(revive);
  if (!(value instanceof Map)) return value;
  const time = value.get("$time");
  if (value.size === 1 && typeof time === "string") return new Date(/[Z+]/.test(time) ? time : `${time}Z`);
  return new Map([...value].map(([key, one]) => [key, revive(one)]));
}

/** A case without what only this file knows. */
function withoutOwn(value: Exact): Exact {
  if (!(value instanceof Map)) return value;
  const bare = (resource: Exact): Exact =>
    new Map([...(resource as ExactObject)].filter(([key]) => !(ownKeys as readonly string[]).includes(key)));
  const steps = (value.get("steps") as ExactObject[]).map(
    (step) => new Map([...step].map(([key, one]) => [key, key === "resources" ? (one as Exact[]).map(bare) : one])),
  );
  return new Map(
    [...value].filter(([key]) => key !== "rest").map(([key, one]) => [key, key === "steps" ? steps : one]),
  );
}
