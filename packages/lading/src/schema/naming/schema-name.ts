import { createNaming } from "./create-naming.ts";

/** Longest name of a schema, in code points (spec dlt-core 1.5). */
export const maxSchemaNameLength = 64;

const convention = createNaming("snake_case", maxSchemaNameLength);
const suffix = "_pipeline";

/** A text as the name of a schema: snake case, at most {@link maxSchemaNameLength} code points. Throws NAME_EMPTY. */
export function normalizeSchemaName(text: string): string {
  return convention.normalizeIdentifier(text);
}

/** The name of a pipeline's default schema: its own without a trailing `_pipeline` (spec dlt-core 1.5). */
export function schemaNameFrom(pipelineName: string): string {
  return normalizeSchemaName(pipelineName.endsWith(suffix) ? pipelineName.slice(0, -suffix.length) : pipelineName);
}
