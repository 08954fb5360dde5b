export { checkMergeTable } from "./check-merge-table.ts";
export { mergeStatements, type MergeRequest } from "./merge-statements.ts";
export type { MergeTables } from "./merge-tables.ts";
export { replaceFromStaging } from "./replace.ts";
