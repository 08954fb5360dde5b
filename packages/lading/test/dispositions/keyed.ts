import type { ResourceHints } from "../../src/resource/index.ts";

/** Hints of a table that is merged by its `id`. */
export const keyed = (options: object = {}, hints: ResourceHints = {}): ResourceHints => ({
  writeDisposition: { disposition: "merge", ...options },
  primaryKey: "id",
  ...hints,
});
