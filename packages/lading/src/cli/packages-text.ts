import type { PackageView } from "../pipeline/inspect/inspect-package.ts";
import type { PipelineView } from "../pipeline/inspect/inspect-pipeline.ts";
import { draftLines } from "./draft-text.ts";
import { formatAmount, formatCount, formatTable, printable } from "./format.ts";
import { formatTime, type TimeOptions } from "./format-time.ts";
import { packageLines, rowsOf } from "./package-text.ts";
import type { Style } from "./style.ts";

/** What {@link packagesLines} is told beside the view. */
export interface AroundPackages extends TimeOptions {
  readonly name: string;
  readonly style: Style;
}

/** What is unfinished of a pipeline and what it has loaded, for someone who must know at once. Pure. */
export function packagesLines(view: PipelineView, { name, style, ...time }: AroundPackages): readonly string[] {
  const { running, draft, pending, setAside, loaded, loadedCount } = view;
  const around = { ...time, isRunning: running !== undefined };
  const block = (title: string, lines: readonly string[]): readonly string[] => ["", style.bold(title), ...lines];
  return [
    `${style.bold(printable(name))}: ${inShort(view)}`,
    ...(running === undefined
      ? []
      : [
          `A run is at work: process ${running.pid} on ${printable(running.host)}, since ${formatTime(running.since, time)}.`,
        ]),
    ...pending.flatMap((one) => block(`Package ${one.loadId}, not loaded yet`, packageLines(one, around))),
    ...(draft === undefined
      ? []
      : block("Draft: what was read and is not finished", draftLines(draft, { ...around, pending: pending.length }))),
    ...setAside.flatMap((one) => block(`Package ${one.loadId}, set aside`, packageLines(one, around))),
    ...(loadedCount === 0 ? [] : block(loadedTitle(loaded.length, loadedCount), loadedLines(loaded, time))),
  ];
}

function inShort({ draft, pending, setAside, loadedCount }: PipelineView): string {
  const parts = [
    ...(pending.length === 0 ? [] : [`${formatAmount(pending.length, "package")} to be loaded`]),
    ...(draft === undefined ? [] : ["extraction that is not finished"]),
    ...(setAside.length === 0 ? [] : [`${formatAmount(setAside.length, "package")} set aside`]),
  ];
  if (parts.length > 0) return `${parts.join(", ")}.`;
  return loadedCount === 0
    ? "nothing waits, and nothing that was loaded from here is kept."
    : "nothing waits. All that was read is loaded.";
}

function loadedTitle(shown: number, count: number): string {
  if (shown === count) return `Loaded: ${formatCount(count)} kept here`;
  return `Loaded: the last ${formatCount(shown)} of ${formatCount(count)} kept here (--all shows all)`;
}

function loadedLines(loaded: readonly PackageView[], time: TimeOptions): readonly string[] {
  return formatTable(
    loaded.map((one) => [
      `  ${one.loadId}`,
      formatTime(one.load?.committedAt ?? one.sealedAt, time),
      ...(one.damage.length > 0
        ? [`damaged: ${printable(one.damage.join("; "))}`]
        : [
            formatAmount(rowsOf(one), "row"),
            formatAmount(one.tables.length, "table"),
            `dataset ${printable(one.dataset ?? "")}`,
          ]),
    ]),
  );
}
