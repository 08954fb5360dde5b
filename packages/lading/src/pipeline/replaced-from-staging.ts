import type { Config } from "../config/config.ts";
import type { Destination } from "../destination/destination.ts";
import { descendants, type ResourceNode } from "../extract/tree.ts";
import { rootTableName } from "../normalize/declare.ts";
import type { Names } from "../normalize/names.ts";
import type { ReplaceStrategy } from "../schema/merge-strategy.ts";
import { unsupportedStrategy } from "./check-strategy.ts";

/**
 * The tables that are replaced by way of a staging table: where the resource says so, else where the setting
 * `destination.replace_strategy` does (spec dlt-core 8.1), else where it is what the destination does first. A package keeps
 * them, so that a load that is tried again does the same.
 *
 * @throws LadingError DISPOSITION_UNSUPPORTED
 */
export function replacedFromStaging(
  trees: readonly ResourceNode[],
  names: Names,
  destination: Destination,
  config: Config,
): string[] {
  const known = destination.capabilities.replaceStrategies;
  const configured = config.get("replace_strategy", ["destination", destination.name]);
  const tables = new Set<string>();
  for (const { resource, loaded } of trees.flatMap(descendants)) {
    const { writeDisposition } = resource.hints;
    const own = typeof writeDisposition === "object" ? writeDisposition : { disposition: writeDisposition };
    if (!loaded || own.disposition !== "replace") continue;
    const table = rootTableName(names, resource.hints, resource.name);
    const given = "strategy" in own ? own.strategy : undefined;
    const strategy = given ?? (typeof configured === "string" && configured !== "" ? configured : known[0]);
    if (strategy === undefined || !known.includes(strategy as ReplaceStrategy))
      throw unsupportedStrategy(table, strategy ?? "replace", destination.name, known);
    if (strategy !== "truncate-and-insert") tables.add(table);
  }
  return [...tables];
}
