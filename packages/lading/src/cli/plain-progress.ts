import type { RunEvent } from "../pipeline/events.ts";
import { formatAmount, formatBytes, formatDuration, formatTable } from "./format.ts";
import { emptyView, type RunView, viewAfter } from "./run-view.ts";

/** Where there is no terminal, a line says how far things are at most this often, in milliseconds. */
const interval = 5000;

/** Lines for a run, where there is no terminal to draw on: one when a resource starts or ends, and one now and then. */
export function plainProgress(write: (line: string) => void): (event: RunEvent) => void {
  let view: RunView = emptyView;
  let lastAt = -Infinity;
  return (event) => {
    view = viewAfter(view, event);
    const now = event.type === "page" && event.at - lastAt < interval ? undefined : plainLine(event, view);
    if (now === undefined) return;
    lastAt = event.at;
    for (const line of now) write(line);
  };
}

/** The lines that say what an event means; none where it is not worth one. Pure. */
export function plainLine(event: RunEvent, view: RunView): readonly string[] | undefined {
  switch (event.type) {
    case "run-started":
      return [view.title];
    case "resumed":
      return [event.message];
    case "resource-started":
      return [`${event.resource}: started`];
    case "page":
    case "resource-finished": {
      const since = event.at - (view.resources.get(event.resource)?.startedAt ?? event.at);
      const amounts = `${formatAmount(event.totalRows, "row")}, ${formatAmount(event.totalPages, "page")}, ${formatBytes(event.totalBytes)}`;
      return [`${event.resource}: ${event.type === "page" ? "" : "finished, "}${amounts}, ${formatDuration(since)}`];
    }
    case "load-started":
      return [`load ${event.loadId}: ${formatAmount(event.files, "file")}, ${formatBytes(event.bytes)}`];
    case "migrated":
      return event.changes.length === 0 ? undefined : event.changes.map(changeLine);
    case "committed":
      return [...tableLines(view), `load ${event.loadId}: committed, ${formatDuration(event.milliseconds)}`];
    case "warning":
      return [`warning: ${event.resource === undefined ? "" : `${event.resource}: `}${event.message}`];
    case "checkpoint":
    case "discarded":
    case "sealed":
    case "copied":
    case "run-finished":
    case "run-failed":
      return undefined;
  }
}

/** A new table can have hundreds of columns: this many are named. */
const namedColumns = 5;

function changeLine({ table, added }: { readonly table: string; readonly added: readonly string[] }): string {
  const names = added.slice(0, namedColumns).join(", ");
  return `${table}: ${formatAmount(added.length, "new column")} (${names}${added.length > namedColumns ? ", …" : ""})`;
}

function tableLines({ tables }: RunView): readonly string[] {
  const cells = [...tables].map(([table, { rows, bytes }]) => [
    `  ${table}`,
    formatAmount(rows, "row"),
    formatBytes(bytes),
  ]);
  return formatTable(cells, "lr");
}
