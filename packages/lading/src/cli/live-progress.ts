import type { RunEvent } from "../pipeline/events.ts";
import {
  displayWidth,
  formatAmount,
  formatBytes,
  formatCount,
  formatDuration,
  formatTable,
  printable,
  truncate,
} from "./format.ts";
import type { Host } from "./host.ts";
import { plainLine } from "./plain-progress.ts";
import { emptyView, type ResourceView, type RunView, viewAfter } from "./run-view.ts";
import type { Style } from "./style.ts";

/** A view that is drawn anew in its place. */
export interface LiveProgress {
  readonly on: (event: RunEvent) => void;
  /** A line that stays, above the view. */
  readonly note: (line: string) => void;
  /** Draws it a last time and gives the cursor back. To be called however the run ends. */
  readonly close: () => void;
}

const hideCursor = "\u{1b}[?25l";
const showCursor = "\u{1b}[?25h";
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** Milliseconds between two drawings. */
const interval = 100;

/**
 * The view of a run on a terminal: a line for each resource, then for each table that is loaded.
 * @param clean takes secrets out of a text
 */
export function liveProgress(
  { stderr, now, every }: Pick<Host, "stderr" | "now" | "every">,
  style: Style,
  clean: (text: string) => string = (text) => text,
): LiveProgress {
  let view: RunView = emptyView;
  let drawn = 0;
  let frame = 0;
  let notes: string[] = [];
  const size = (): { columns: number; rows: number } => ({ columns: stderr.columns ?? 80, rows: stderr.rows ?? 24 });

  const draw = (): void => {
    const { columns, rows } = size();
    const lines = progressLines(view, {
      columns,
      rows,
      now: now(),
      spinner: frames[frame % frames.length] ?? "",
      style,
    });
    // One write: what is erased is never seen. A terminal of no height gives lines that scroll away, which is harmless.
    const back = drawn === 0 ? "" : `\u{1b}[${drawn}A\r\u{1b}[0J`;
    stderr.write(clean(`${hideCursor}${back}${[...notes, ...lines].map((line) => `${line}\n`).join("")}`));
    notes = [];
    drawn = lines.length;
    frame += 1;
  };
  const stop = every(interval, draw);

  return {
    on(event) {
      view = viewAfter(view, event);
      if (event.type === "warning" || event.type === "resumed") {
        notes.push(...(plainLine(event, view) ?? []).map((line) => style.warn(printable(line))));
      }
    },
    note: (line) => notes.push(printable(line)),
    close() {
      stop();
      draw();
      stderr.write(showCursor);
    },
  };
}

/** What {@link progressLines} needs beside the view. */
export interface ProgressFrame {
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
  readonly spinner: string;
  readonly style: Style;
}

/** The lines of the view: never more than the terminal is high, none longer than it is wide. Pure. */
export function progressLines(view: RunView, frame: ProgressFrame): readonly string[] {
  const { columns, rows, now, style } = frame;
  if (view.startedAt === undefined) return [];
  const room = Math.max(1, rows - 4);
  // What is at work is shown first where there is not room for all.
  const order = [...view.resources].toSorted(
    ([, a], [, b]) => Number(a.finishedAt !== undefined) - Number(b.finishedAt !== undefined),
  );
  const shown = new Set(order.slice(0, room).map(([name]) => name));
  const resources = [...view.resources]
    .filter(([name]) => shown.has(name))
    .map(([name, resource]) => resourceCells(name, resource, view, frame));
  const tables =
    view.load === undefined
      ? []
      : [...view.tables].map(([table, { rows: count, bytes }]) => [
          `  ${table}`,
          formatAmount(count, "row"),
          formatBytes(bytes),
        ]);
  const hidden = view.resources.size - shown.size;
  const lines = [
    ...formatTable(resources, "lrrrr"),
    ...(hidden > 0 ? [`  and ${formatCount(hidden)} more`] : []),
    ...(view.load === undefined ? [] : [loadLine(view.load, frame)]),
    ...formatTable(tables.slice(-Math.max(0, room - resources.length)), "lr"),
  ].map((line) => truncate(printable(line), columns - 1));
  const title = `${truncate(printable(view.title), columns - 12)}  ${formatDuration(now - view.startedAt)}`;
  return [displayWidth(title) < columns ? style.bold(title) : "", ...lines.map((line) => paint(line, style))];
}

function resourceCells(
  name: string,
  resource: ResourceView,
  view: RunView,
  { now, spinner }: ProgressFrame,
): readonly string[] {
  const { startedAt, finishedAt, rows, pages, bytes } = resource;
  const time = (finishedAt ?? now) - startedAt;
  const perSecond = time >= 500 ? `${formatCount((rows * 1000) / time)}/s` : "";
  const mark = finishedAt !== undefined ? "✓" : view.ended ? "·" : spinner;
  return [
    `  ${name}`,
    formatAmount(rows, "row"),
    formatAmount(pages, "page"),
    formatBytes(bytes),
    perSecond,
    `${mark} ${formatDuration(time)}`,
  ];
}

function loadLine(load: NonNullable<RunView["load"]>, { now, spinner }: ProgressFrame): string {
  const size = `${formatAmount(load.files, "file")}, ${formatBytes(load.bytes)}`;
  return `  ${spinner} loading ${load.loadId}: ${size}  ${formatDuration(now - load.startedAt)}`;
}

function paint(line: string, style: Style): string {
  return line.includes("✓") ? line.replace("✓", style.good("✓")) : line;
}
