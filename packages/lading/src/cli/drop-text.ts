import type { DropPlan } from "../pipeline/drop/plan-drop.ts";
import { formatTable, printable } from "./format.ts";
import type { Style } from "./style.ts";

/** What a drop would do, for someone who must say yes or no. Pure. */
export function dropLines(plan: DropPlan, name: string, style: Style): readonly string[] {
  const { destination, location, dataset, schema, resources, tables, resourceStates, statePaths, warnings } = plan;
  const all = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));
  const stored = tables.filter(({ hasData }) => hasData).map((table) => table.name);
  const others = tables.filter(({ hasData }) => !hasData).map((table) => table.name);
  const facts = [
    ["destination", `${destination} (${location})`],
    ["dataset", dataset],
    ["schema", schema],
    ["resources", all(resources)],
    ["tables to drop", all(stored)],
    ...(others.length === 0 ? [] : [["only in the schema", all(others)]]),
    ["state to forget", all(resourceStates)],
    ["state paths", all(statePaths)],
  ];
  return [
    `${style.bold(printable(name))}: ${plan.isEmpty ? "there is nothing to drop." : "this would go, all of it or nothing:"}`,
    ...formatTable(facts.map(([key = "", value = ""]) => [`  ${key}`, printable(value)])),
    ...warnings.map((warning) => `  ${style.warn("!")} ${printable(warning)}`),
  ];
}
