import { checkTables } from "./check-tables.ts";
import type { ResourceNode } from "../extract/tree.ts";
import type { SchemaContract } from "../resource/hints.ts";
import type { Schema } from "../schema/schema.ts";
import type { SourceJob } from "./job.ts";
import { namesFor, withNaming } from "./naming.ts";
import { replacedFromStaging, type StagedReplace } from "./replaced-from-staging.ts";

/** A source that is about to be read, checked. */
export interface Reading {
  readonly job: SourceJob;
  readonly trees: readonly ResourceNode[];
  /** Names of its resources, those that are read for their children only among them. */
  readonly resources: readonly string[];
  /** What is replaced by way of a staging table. */
  readonly replacedFromStaging: StagedReplace;
  /** In the place of those of source and resources. */
  readonly schemaContract: SchemaContract | undefined;
  readonly print: string;
  /** The schema that stands in the import folder. */
  readonly imported: Schema | undefined;
}

/**
 * The stored schema has a say in what tables are called.
 *
 * @throws LadingError NAMING_CHANGED, and what is wrong with the tables under these names
 */
export function withStoredNames(reading: Reading, stored: Schema): Reading {
  const { job, trees } = reading;
  withNaming(job.naming, stored);
  const names = namesFor(job.naming, stored);
  checkTables(trees, names);
  const staged = replacedFromStaging(trees, names, job.parts.destination, job.config);
  return { ...reading, job: { ...job, names }, replacedFromStaging: staged };
}
