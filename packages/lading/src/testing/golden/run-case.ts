import { join } from "node:path";
import { rm } from "node:fs/promises";
import { createConfig } from "../../config/create-config.ts";
import { environmentProvider } from "../../config/environment-provider.ts";
import type { Destination } from "../../destination/destination.ts";
import { LadingError } from "../../errors/index.ts";
import { dispositionFromDlt } from "../../normalize/declare-disposition.ts";
import { nestedHintsFromDlt } from "../../normalize/declare-nested.ts";
import { referenceFromDlt } from "../../normalize/declare-references.ts";
import { columnHintsFromDlt } from "../../normalize/declare.ts";
import { pipeline } from "../../pipeline/index.ts";
import { contractFromDlt } from "../../resource/stored-contract.ts";
import { resource as defineResource } from "../../resource/define-resource.ts";
import { incremental } from "../../resource/incremental.ts";
import { page, type Page } from "../../resource/page.ts";
import type { ResourceHints } from "../../resource/hints.ts";
import type { Resource } from "../../resource/resource.ts";
import type { Source } from "../../resource/source.ts";
import type { Exact } from "../../util/exact.ts";
import { toPlain } from "../../util/json.ts";
import type { GoldenCase, GoldenResource, GoldenStep } from "./golden-case.ts";
import { Masker } from "./mask.ts";
import { observe, type Observed } from "./observe.ts";

export interface RunCaseOptions {
  /** An empty folder for this case alone. */
  readonly folder: string;
  /** The destination, empty at the first step. */
  readonly destination: Destination;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Reads what is in the dataset. Default: types as `information_schema` spells them, which some engines shorten. */
  readonly observe?: typeof observe;
}

/** Runs a case step by step, and gives back what was in the dataset after each, masked. */
export async function runCase(
  golden: GoldenCase,
  { folder, destination, now = Date.now, observe: read = observe }: RunCaseOptions,
): Promise<{ steps: Observed[] }> {
  if (golden.unsupported.length > 0) {
    throw new LadingError(
      "INVALID_ARGUMENT",
      `The case "${golden.name}" wants what is not supported yet: ${golden.unsupported.join(", ")}.`,
    );
  }
  const workingFolder = join(folder, "work");
  const config = createConfig({
    providers: [environmentProvider({ variables: golden.env })],
    pipelineName: golden.pipeline,
  });
  const masker = new Masker(documentIds(golden), golden.hashedIds);
  const steps: Observed[] = [];
  for (const step of golden.steps) {
    if (step.freshDir === true) await rm(workingFolder, { recursive: true, force: true });
    const source = sourceOf(golden, step);
    const made = pipeline({ name: golden.pipeline, source, destination, dataset: golden.dataset, workingFolder });
    let error: readonly string[] | null = null;
    try {
      if (step.drop !== undefined) await made.drop(step.drop, { config, now });
      else await made.run({ config, now, ...(step.refresh === undefined ? {} : { refresh: step.refresh }) });
    } catch (cause) {
      error = chain(cause);
      // What is pending is dropped before the next step.
      await rm(workingFolder, { recursive: true, force: true });
    }
    await using client = await destination.connect({
      pipeline: golden.pipeline,
      dataset: golden.dataset,
      config,
      folder,
      workingFolder,
      signal: new AbortController().signal,
    });
    steps.push(masker.mask({ error, ...(await read(client.reader(), golden.dataset)) }));
  }
  return { steps };
}

/** The source of one step. */
export function sourceOf(golden: GoldenCase, step: GoldenStep): Source {
  return {
    type: "source",
    name: step.source ?? golden.source ?? golden.pipeline,
    resources: step.resources.map(resourceOf),
    ...(golden.maxTableNesting === undefined ? {} : { maxTableNesting: golden.maxTableNesting }),
    ...(golden.rootKey === undefined ? {} : { rootKey: golden.rootKey }),
    ...(golden.contract === undefined ? {} : { schemaContract: contractFromDlt(golden.contract) }),
  };
}

function resourceOf(golden: GoldenResource): Resource {
  const hints: ResourceHints = {
    ...(golden.tableName === undefined ? {} : { tableName: golden.tableName }),
    ...(golden.write === undefined ? {} : { writeDisposition: dispositionFromDlt(golden.write) }),
    ...(golden.primaryKey === undefined ? {} : { primaryKey: golden.primaryKey }),
    ...(golden.mergeKey === undefined ? {} : { mergeKey: golden.mergeKey }),
    ...(golden.columns === undefined ? {} : { columns: columnHintsFromDlt(golden.columns) }),
    ...(golden.maxTableNesting === undefined ? {} : { maxTableNesting: golden.maxTableNesting }),
    ...(golden.contract === undefined ? {} : { schemaContract: contractFromDlt(golden.contract) }),
    ...(golden.references === undefined ? {} : { references: golden.references.map(referenceFromDlt) }),
    ...(golden.nestedHints === undefined ? {} : { nestedHints: nestedHintsFromDlt(golden.nestedHints) }),
  };
  async function* pages(): AsyncGenerator<Page> {
    for (const rows of golden.pages) yield page({ rows: rows.map(toPlain), exact: () => rows });
  }
  if (golden.incremental === undefined) return { name: golden.name, hints, pages };
  const { cursorPath, ...settings } = golden.incremental;
  return defineResource({ name: golden.name, ...hints, incremental: incremental(cursorPath, settings) }, pages);
}

/** Ids that stand in the documents themselves. */
export function documentIds(golden: GoldenCase): ReadonlySet<string> {
  const ids = new Set<string>();
  const visit = (value: Exact): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (value instanceof Map) {
      const id = value.get("_dlt_id");
      if (typeof id === "string") ids.add(id);
      for (const one of value.values()) visit(one);
    }
  };
  for (const step of golden.steps)
    for (const resource of step.resources) for (const rows of resource.pages) for (const row of rows) visit(row);
  return ids;
}

/** Codes and messages of an error and its causes, outermost first. */
export function chain(error: unknown): string[] {
  const names: string[] = [];
  for (let one = error; one instanceof Error; one = one.cause) {
    names.push(LadingError.is(one) ? `${one.code}: ${one.message}` : `${one.name}: ${one.message}`);
  }
  return names;
}
