import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LadingError } from "../errors/index.ts";
import { replaceRows } from "./map-step.ts";
import { isThenable, type PageStep } from "./page-step.ts";
import { plainRows } from "./plain-rows.ts";

/** One thing that is wrong with a row. */
export interface ValidationIssue {
  /** Where: `lines[0].sku`; empty for the row itself. */
  readonly path: string;
  readonly message: string;
}

/**
 * A step that has each row checked and parsed by a Standard Schema (zod, valibot, arktype, …); what the schema makes of
 * a row is loaded.
 *
 * @throws LadingError VALIDATION_FAILED at the first row that is not as it should be, with all that is wrong with it
 */
export function validateStep(schema: StandardSchemaV1): PageStep {
  const { validate } = schema["~standard"];
  return async (page, place) => {
    const rows: unknown[] = [];
    for (const row of plainRows(page)) {
      const answer = validate(row);
      const result = isThenable(answer) ? await answer : answer;
      if (result.issues) throw failure(place.resource, place.page, rows.length, result.issues);
      rows.push(result.value);
    }
    return replaceRows(page, rows);
  };
}

const ISSUES_IN_MESSAGE = 3;

function failure(resource: string, page: number, row: number, given: readonly StandardSchemaV1.Issue[]): LadingError {
  const issues = given.map((issue): ValidationIssue => ({ path: issuePath(issue), message: issue.message }));
  const said = issues
    .slice(0, ISSUES_IN_MESSAGE)
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
    .join("; ");
  const more = issues.length > ISSUES_IN_MESSAGE ? `; and ${issues.length - ISSUES_IN_MESSAGE} more` : "";
  return new LadingError(
    "VALIDATION_FAILED",
    `Row ${row + 1} on page ${page} of "${resource}" is not what its schema says: ${said}${more}`,
    { details: { resource, page, row, issues } },
  );
}

/** `["lines", 0, "sku"]` as `lines[0].sku`. */
function issuePath(issue: StandardSchemaV1.Issue): string {
  let path = "";
  for (const segment of issue.path ?? []) {
    const key = typeof segment === "object" ? segment.key : segment;
    path += typeof key === "number" ? `[${key}]` : `${path === "" ? "" : "."}${String(key)}`;
  }
  return path;
}
