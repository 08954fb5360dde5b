import type { LoadResult } from "../pipeline/result.ts";
import type { RunTrace } from "../pipeline/run-trace.ts";
import { formatAmount, formatBytes, formatCount, formatDuration, formatTable, printable } from "./format.ts";
import { formatTime, type TimeOptions } from "./format-time.ts";
import type { Style } from "./style.ts";

/** What {@link traceLines} is told beside the trace. */
export interface AroundTrace extends TimeOptions {
  readonly style: Style;
  /** With the stack of the error. */
  readonly debug: boolean;
}

/** What the last run did and, above all, why it failed. Pure. */
export function traceLines(trace: RunTrace, around: AroundTrace): readonly string[] {
  const { style } = around;
  const { command, outcome, startedAt, finishedAt, destination, location, dataset, kind, pending } = trace;
  const block = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ["", style.bold(title), ...lines.map((line) => `  ${line}`)];
  const facts = [
    ["began", formatTime(startedAt, around)],
    ["took", duration(startedAt, finishedAt)],
    ["destination", `${destination} (${location}), dataset ${dataset}`],
    ["did", kinds[kind ?? "failed"]],
    ...(pending.length === 0 ? [] : [["waits", `${formatAmount(pending.length, "package")}: ${idsOf(pending)}`]]),
  ];
  return [
    `${style.bold(printable(trace.pipeline))}: the last ${words[command]} ${outcome === "done" ? style.good("succeeded") : style.bad("failed")}.`,
    ...formatTable(facts.map(([key = "", value = ""]) => [`  ${key}`, printable(value)])),
    ...block("Error", errorLines(trace, around)),
    ...block("Steps", stepLines(trace)),
    ...trace.loads.flatMap((load) => block(`Loaded ${load.loadId}, schema ${printable(load.schema)}`, loadLines(load))),
    ...block("Read", resourceLines(trace)),
    ...block(
      "Warnings",
      trace.warnings.map((warning) => style.warn(printable(warning))),
    ),
    ...block("Settings that were found", settingLines(trace)),
  ];
}

const words: Readonly<Record<RunTrace["command"], string>> = { run: "run", extract: "extraction", load: "load" };
const kinds: Readonly<Record<NonNullable<RunTrace["kind"]> | "failed", string>> = {
  new: "what was new",
  unfinished: "finished what an earlier run had left, and read nothing new",
  nothing: "nothing: there was nothing to do",
  failed: "stopped before its end",
};

function duration(from: string, to: string): string {
  return formatDuration(Date.parse(to) - Date.parse(from));
}

function idsOf(packages: readonly { readonly loadId: string }[]): string {
  return packages.map(({ loadId }) => loadId).join(", ");
}

function errorLines({ error }: RunTrace, { style, debug }: AroundTrace): readonly string[] {
  if (error === undefined) return [];
  const { code, message, hint, causes, stack } = error;
  const [first = "", ...more] = printable(message).split("\n");
  return [
    `${style.bad("✗")} ${style.bold(code)} ${first}`,
    ...more,
    ...(hint === undefined ? [] : [printable(hint)]),
    ...causes.map((cause) => style.dim(`because: ${printable(cause).split("\n", 1)[0] ?? ""}`)),
    ...(debug && stack !== undefined ? printable(stack).split("\n") : []),
  ];
}

function stepLines({ steps }: RunTrace): readonly string[] {
  return formatTable(
    steps.map(({ step, loadId, startedAt, finishedAt, outcome }) => [
      step,
      duration(startedAt, finishedAt),
      outcome,
      loadId ?? "",
    ]),
    "lrl",
  );
}

function loadLines({ tables, dropped, truncated }: LoadResult): readonly string[] {
  const names = Object.keys(tables);
  const rows = Object.entries(tables).map(([name, table]) => [
    printable(name),
    formatCount(table.rows),
    formatBytes(table.bytes),
    formatCount(table.removed),
    formatCount(table.total),
  ]);
  return [
    ...(names.length === 0
      ? ["No rows."]
      : formatTable([["table", "rows", "size", "replaced", "then in the table"], ...rows], "lr")),
    ...(dropped.length === 0 ? [] : [`dropped: ${printable(dropped.join(", "))}`]),
    ...(truncated.length === 0 ? [] : [`emptied: ${printable(truncated.join(", "))}`]),
  ];
}

function resourceLines({ resources }: RunTrace): readonly string[] {
  const rows = Object.entries(resources).map(([name, { pages, rows: count, bytes }]) => [
    printable(name),
    formatCount(pages),
    formatCount(count),
    formatBytes(bytes),
  ]);
  return rows.length === 0 ? [] : formatTable([["resource", "pages", "rows", "read"], ...rows], "lr");
}

function settingLines({ settings }: RunTrace): readonly string[] {
  return formatTable(
    settings.map(({ key, place, isSecret }) => [
      printable(key),
      printable(place ?? "given in code"),
      isSecret ? "secret" : "",
    ]),
  );
}
