import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LadingError } from "../errors/index.ts";
import { replaceRows } from "./map-step.ts";
import type { SchemaContract } from "./hints.ts";
import { isThenable, type PageStep, type StepPlace } from "./page-step.ts";
import { page, type DiscardedRow, type Page } from "./page.ts";
import { pickRows } from "./rebuild-page.ts";
import { plainRows } from "./plain-rows.ts";

/** One thing that is wrong with a row. */
export interface ValidationIssue {
  /** Where: `lines[0].sku`; empty for the row itself. */
  readonly path: string;
  readonly message: string;
}

/** What becomes of a row that is not what its schema says: an error, left out, or loaded as it came. */
type InvalidRows = "freeze" | "discard_row" | "evolve";

/**
 * A step that has each row checked and parsed by a Standard Schema (zod, valibot, arktype, …); what the schema makes of
 * a row is loaded. The contract of the resource says what becomes of the others ({@link invalidRows}).
 *
 * @throws LadingError VALIDATION_FAILED at the first row that is not as it should be, with all that is wrong with it;
 *   HINT_UNSUPPORTED
 */
export function validateStep(schema: StandardSchemaV1): PageStep {
  const { validate } = schema["~standard"];
  return async (given, place) => {
    const invalid = invalidRows(place.resource, place.contract);
    const kept: number[] = [];
    const rows: unknown[] = [];
    const discarded: DiscardedRow[] = [];
    for (const [index, row] of plainRows(given).entries()) {
      const answer = validate(row);
      const result = isThenable(answer) ? await answer : answer;
      if (result.issues && invalid === "freeze") throw failure(place, index, result.issues);
      if (result.issues && invalid === "discard_row") {
        discarded.push({ row, reason: saidOf(issuesOf(result.issues)) });
        continue;
      }
      kept.push(index);
      rows.push(result.issues ? row : result.value);
    }
    const valid = discarded.length === 0 ? given : pickRows(given, kept);
    const made = replaceRows(valid, rows);
    return discarded.length === 0 ? made : addDiscarded(made, discarded);
  };
}

/**
 * What a contract says of rows that are not what their schema says (spec dlt-core 7.3): that is its part on types.
 *
 * @throws LadingError HINT_UNSUPPORTED for `discard_value`: a row without the values that are wrong is not valid either
 */
function invalidRows(resource: string, contract: SchemaContract | undefined): InvalidRows {
  const mode = typeof contract === "object" ? contract.dataType : contract;
  if (mode !== "discard_value") return mode ?? "freeze";
  throw new LadingError(
    "HINT_UNSUPPORTED",
    `The contract of "${resource}" discards values of a wrong type, which its schema cannot do.`,
    {
      hint: 'With a schema, dataType can be "freeze" (the default), "discard_row" or "evolve".',
      details: { resource },
    },
  );
}

function addDiscarded(made: Page, discarded: readonly DiscardedRow[]): Page {
  return page({ ...made, discarded: [...(made.discarded ?? []), ...discarded] });
}

const ISSUES_IN_MESSAGE = 3;

function failure(
  { resource, page: number }: StepPlace,
  row: number,
  given: readonly StandardSchemaV1.Issue[],
): LadingError {
  const issues = issuesOf(given);
  return new LadingError(
    "VALIDATION_FAILED",
    `Row ${row + 1} on page ${number} of "${resource}" is not what its schema says: ${saidOf(issues)}`,
    { details: { resource, page: number, row, issues } },
  );
}

function issuesOf(given: readonly StandardSchemaV1.Issue[]): readonly ValidationIssue[] {
  return given.map((issue) => ({ path: issuePath(issue), message: issue.message }));
}

function saidOf(issues: readonly ValidationIssue[]): string {
  const said = issues
    .slice(0, ISSUES_IN_MESSAGE)
    .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`))
    .join("; ");
  return issues.length > ISSUES_IN_MESSAGE ? `${said}; and ${issues.length - ISSUES_IN_MESSAGE} more` : said;
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
