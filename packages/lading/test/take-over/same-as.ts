import { firstDifference, type Observed } from "../../src/testing/golden/index.ts";
import type { Sequence } from "./run-sequence.ts";

/**
 * What a sequence of runs by Lading and dlt in turn has otherwise than the same one by one of them; nothing, where all is
 * well. Tables, columns, rows, versions, states and loads are equal after each step; in its own steps dlt made nothing but
 * what was new in their rows, and had nothing to migrate; in the end dlt computes, for all that is stored, the hash that
 * stands beside it.
 */
export function differences(mixed: Sequence, reference: Sequence): readonly string[] {
  const observed = reference.steps.map((step) => step.observed);
  const own = mixed.steps.map((step) => step.observed);
  const difference = firstDifference(own, observed);
  return [
    ...observed.flatMap(({ error }, index) => (error === null ? [] : `step ${index} failed: ${error.join("\n")}`)),
    ...(difference === undefined ? [] : [difference]),
    ...mixed.steps.flatMap(({ dlt }, index) => {
      if (dlt === undefined) return [];
      const made = tablesText(Object.entries(dlt.schema_update));
      const isNew = newColumns(own[index - 1], own[index]!);
      return [
        ...(made === isNew ? [] : [`step ${index}: dlt made ${made}, new was ${isNew}`]),
        ...dlt.log.filter((line) => /migrat|was modified|^ERROR/.test(line)),
      ];
    }),
    ...[...(mixed.check?.versions ?? [["", "nothing was checked"]]), ...(mixed.check?.states ?? [])]
      .filter(([stored, computed]) => stored !== computed)
      .map(([stored, computed]) => `the hash ${stored} is ${computed}`),
  ];
}

/** Tables with the columns that they did not have before. */
function newColumns(before: Observed | undefined, after: Observed): string {
  const tables = Object.entries(after.tables).map(([name, { columns }]) => {
    const known = new Set(before?.tables[name]?.columns.map(([column]) => column));
    return [name, columns.map(([column]) => column).filter((column) => !known.has(column))] as const;
  });
  return tablesText(tables);
}

function tablesText(tables: readonly (readonly [string, readonly string[]])[]): string {
  return tables
    .filter(([, columns]) => columns.length > 0)
    .map(([name, columns]) => `${name} (${columns.toSorted().join(", ")})`)
    .toSorted()
    .join("; ");
}
