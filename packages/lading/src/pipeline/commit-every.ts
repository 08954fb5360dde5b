import { LadingError } from "../errors/index.ts";
import { descendants, type ResourceNode } from "../extract/tree.ts";
import { dispositionOf } from "../normalize/declare-disposition.ts";

/** After how much a long pull is committed on the way; whatever comes first. */
export interface CommitEvery {
  readonly pages?: number;
  readonly rows?: number;
  readonly seconds?: number;
}

/**
 * Checks that what is read may be committed in parts.
 *
 * @throws LadingError INVALID_ARGUMENT where a resource replaces its table or compares it as a whole (scd2): what is
 *   visible between two commits would be a table of which rows are missing
 */
export function checkCommitEvery(every: CommitEvery, trees: readonly ResourceNode[]): void {
  const amounts = Object.entries(every).filter(([, amount]) => amount !== undefined);
  const isRight = ([name, amount]: readonly [string, unknown]): boolean =>
    ["pages", "rows", "seconds"].includes(name) && typeof amount === "number" && Number.isFinite(amount) && amount > 0;
  if (amounts.length === 0 || !amounts.every(isRight)) {
    throw new LadingError("INVALID_ARGUMENT", "commitEvery needs pages, rows or seconds, as numbers above 0.", {
      hint: "For example: commitEvery: { pages: 500 }.",
    });
  }
  for (const { resource, loaded } of trees.flatMap(descendants)) {
    const { writeDisposition, nestedHints = {} } = resource.hints;
    const all = [writeDisposition, ...Object.values(nestedHints).map((nested) => nested.writeDisposition)];
    const isSnapshot = all.some((one) => typeof one === "object" && "strategy" in one && one.strategy === "scd2");
    if (!loaded || (!all.some((one) => dispositionOf(one) === "replace") && !isSnapshot)) continue;
    throw new LadingError(
      "INVALID_ARGUMENT",
      `The resource "${resource.name}" ${isSnapshot ? "compares" : "replaces"} its table as a whole, which commitEvery would do in parts.`,
      { hint: "Append or merge it, or run it without commitEvery.", details: { resource: resource.name } },
    );
  }
}

/** What was read since the last commit. */
export interface SinceCommit {
  readonly pages: number;
  readonly rows: number;
  readonly milliseconds: number;
}

export function isCommitDue(every: CommitEvery | undefined, since: SinceCommit): boolean {
  if (every === undefined || since.pages === 0) return false;
  const { pages = Infinity, rows = Infinity, seconds = Infinity } = every;
  return since.pages >= pages || since.rows >= rows || since.milliseconds >= seconds * 1000;
}
