import { fromPlain } from "../../util/json.ts";
import { stringify } from "../../util/json-text.ts";
import type { Observed } from "./observe.ts";

/** The result of a case as JSON, numbers as they stand in states and schemas: `2.0` and `2` are two texts. */
export function resultText(result: { readonly steps: readonly Observed[] }): string {
  return stringify(fromPlain(result, "result"));
}
