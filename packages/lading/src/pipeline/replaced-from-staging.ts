import type { Config } from "../config/config.ts";
import type { Destination } from "../destination/destination.ts";
import { descendants, type ResourceNode } from "../extract/tree.ts";
import type { Names } from "../normalize/names.ts";
import { rootTableName } from "../normalize/root-table.ts";
import type { ReplaceStrategy } from "../schema/merge-strategy.ts";
import type { Schema } from "../schema/schema.ts";
import { unsupportedStrategy } from "./check-strategy.ts";

/** What is replaced by way of a staging table. */
export interface StagedReplace {
  /** Root tables. */
  readonly tables: readonly string[];
  /** Resources of which a function names the tables: each of these. */
  readonly resources: readonly string[];
}

/** The root tables that are replaced by way of a staging table, when all are known. */
export function stagedTables({ tables, resources }: StagedReplace, schema: Schema): string[] {
  const named = [...schema.tables.values()].filter(
    ({ parent, resource, write_disposition }) =>
      parent === undefined && write_disposition === "replace" && resources.includes(resource ?? ""),
  );
  return [...new Set([...tables, ...named.map(({ name }) => name)])];
}

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
): StagedReplace {
  const known = destination.capabilities.replaceStrategies;
  const configured = config.get("replace_strategy", ["destination", destination.name]);
  const tables = new Set<string>();
  const resources: string[] = [];
  for (const { resource, loaded } of trees.flatMap(descendants)) {
    const { writeDisposition } = resource.hints;
    const own = typeof writeDisposition === "object" ? writeDisposition : { disposition: writeDisposition };
    if (!loaded || own.disposition !== "replace") continue;
    const table = rootTableName(names, resource.hints, resource.name);
    const given = "strategy" in own ? own.strategy : undefined;
    const strategy = given ?? (typeof configured === "string" && configured !== "" ? configured : known[0]);
    if (strategy === undefined || !known.includes(strategy as ReplaceStrategy))
      throw unsupportedStrategy(table ?? resource.name, strategy ?? "replace", destination.name, known);
    if (strategy === "truncate-and-insert") continue;
    if (table === undefined) resources.push(resource.name);
    else tables.add(table);
  }
  return { tables: [...tables], resources };
}
