import type { LoadResult, RunResult } from "./result.ts";

/** The result of a run as text for people. */
export function summary(result: RunResult): string {
  const { loads } = result;
  const where = `${result.destination} (${result.location}), dataset ${result.dataset}`;
  const seconds = `${(result.milliseconds / 1000).toFixed(2)} s`;
  const waiting = result.pending.map(({ loadId, tables }) => {
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    return `Package ${loadId} waits to be loaded: ${number(rows)} rows in ${tables.length} table${tables.length === 1 ? "" : "s"}.`;
  });
  const lines =
    loads.length === 0
      ? waiting.length === 0
        ? [`Pipeline ${result.pipeline}: nothing new to load into ${where} (${seconds}).`]
        : [`Pipeline ${result.pipeline} has loaded nothing into ${where} yet (${seconds}).`]
      : [
          `Pipeline ${result.pipeline} loaded ${loads.length} package${loads.length === 1 ? "" : "s"} into ${where} in ${seconds}.`,
          ...(result.kind === "unfinished"
            ? ["Unfinished work of an earlier run was finished; run again for new data."]
            : []),
          ...loads.flatMap(loadLines),
        ];
  return [
    ...lines,
    ...waiting,
    ...Object.values(result.resources).flatMap(discardLines),
    ...result.warnings.map((warning) => `Warning: ${warning}`),
  ].join("\n");
}

function loadLines(load: LoadResult): string[] {
  const names = Object.keys(load.tables);
  const width = Math.max(0, ...names.map((name) => name.length));
  const made = new Map(load.changes.map((change) => [change.table, change.added.length]));
  return [
    `Load ${load.loadId}, schema ${load.schema}:`,
    ...(load.dropped.length === 0 ? [] : [`  dropped before it: ${load.dropped.join(", ")}`]),
    ...(load.truncated.length === 0 ? [] : [`  emptied before it: ${load.truncated.join(", ")}`]),
    ...names.map((name) => {
      const table = load.tables[name]!;
      const parts = [`${number(table.rows)} rows`];
      if (table.removed > 0) parts.push(`${number(table.removed)} replaced`);
      // Where rows went to a place that keeps no count, there is nothing to say.
      if (table.total > 0 || table.rows === 0) parts.push(`${number(table.total)} in the table`);
      const columns = made.get(name);
      if (columns !== undefined) parts.push(`${columns} new column${columns === 1 ? "" : "s"}`);
      return `  ${name.padEnd(width)}  ${parts.join(", ")}`;
    }),
  ];
}

/** What contracts left out is said even where nothing else is: it is gone. */
function discardLines({ discarded = {} }: RunResult["resources"][string]): string[] {
  return Object.entries(discarded).map(([table, { rows, values }]) => {
    const parts = [
      ...(rows > 0 ? [`${number(rows)} row${rows === 1 ? "" : "s"}`] : []),
      ...(values > 0 ? [`${number(values)} value${values === 1 ? "" : "s"}`] : []),
    ];
    return `Discarded by the contract of ${table}: ${parts.join(", ")}.`;
  });
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
