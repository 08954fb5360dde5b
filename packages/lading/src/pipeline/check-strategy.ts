import type { Destination } from "../destination/destination.ts";
import { checkMergeTable } from "../destination/sql/merge/index.ts";
import { LadingError } from "../errors/index.ts";
import { mergeStrategyOf } from "../schema/merge-strategy.ts";
import type { TableSchema } from "../schema/schema.ts";

/**
 * Checks a declared table against its destination, before any row of it is written.
 *
 * @param table as it stands in the schema: hints of earlier runs count
 * @returns what is declared and has no effect, as sentences for people
 * @throws LadingError DISPOSITION_UNSUPPORTED, DISPOSITION_INVALID
 */
export function checkStrategy(table: TableSchema, destination: Destination): readonly string[] {
  const strategy = mergeStrategyOf(table);
  if (strategy === undefined) return [];
  const { mergeStrategies } = destination.capabilities;
  if (!mergeStrategies.includes(strategy)) {
    throw unsupportedStrategy(table.name, strategy, destination.name, mergeStrategies);
  }
  return checkMergeTable(table);
}

export function unsupportedStrategy(
  table: string,
  strategy: string,
  destination: string,
  known: readonly string[],
): LadingError {
  return new LadingError(
    "DISPOSITION_UNSUPPORTED",
    `"${destination}" has no strategy "${strategy}", which "${table}" asks for.`,
    {
      hint: `It has: ${known.join(", ")}.`,
      details: { table, strategy, destination },
    },
  );
}
