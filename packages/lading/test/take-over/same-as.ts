import { expect } from "vitest";
import { firstDifference, type Observed } from "../../src/testing/golden/index.ts";
import type { Sequence } from "./run-sequence.ts";

/**
 * Holds a sequence of runs by Lading and dlt in turn against the same one by one of them: tables, columns, rows,
 * versions, states and loads are equal after each step. In its own steps dlt made nothing but what was new in their rows,
 * and had nothing to migrate. In the end dlt computes, for all that is stored, the hash that stands beside it.
 */
export function expectSameAs(mixed: Sequence, reference: Sequence): void {
  const observed = reference.steps.map((step) => step.observed);
  expect(observed.map((step) => step.error)).toEqual(observed.map(() => null));
  expect(
    firstDifference(
      mixed.steps.map((step) => step.observed),
      observed,
    ),
  ).toBeUndefined();
  for (const [index, { dlt }] of mixed.steps.entries()) {
    if (dlt === undefined) continue;
    expect(sorted(Object.entries(dlt.schema_update))).toEqual(newColumns(observed[index - 1], observed[index]!));
    expect(dlt.log.filter((line) => /migrat|was modified|^ERROR/.test(line))).toEqual([]);
  }
  const { versions, states } = mixed.check!;
  for (const [stored, computed] of [...versions, ...states]) expect(computed).toBe(stored);
  expect(versions.length).toBeGreaterThan(0);
}

/** Tables with the columns that they did not have before. */
function newColumns(before: Observed | undefined, after: Observed): unknown {
  return sorted(
    Object.entries(after.tables).map(([name, { columns }]) => {
      const known = new Set(before?.tables[name]?.columns.map(([column]) => column));
      return [name, columns.map(([column]) => column).filter((column) => !known.has(column))] as const;
    }),
  );
}

function sorted(tables: readonly (readonly [string, readonly string[]])[]): unknown {
  return tables
    .filter(([, columns]) => columns.length > 0)
    .map(([name, columns]) => `${name}: ${columns.toSorted().join(", ")}`)
    .toSorted();
}
