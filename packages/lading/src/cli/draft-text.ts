import type { DraftResource, DraftView } from "../pipeline/inspect/inspect-draft.ts";
import type { Json, JsonObject } from "../util/json-value.ts";
import { formatBytes, formatCount, formatTable, printable } from "./format.ts";
import { formatTime, type TimeOptions } from "./format-time.ts";

/** What {@link draftLines} is told beside the draft. */
export interface AroundDraft extends TimeOptions {
  readonly isRunning: boolean;
  /** Packages that the next run loads before. */
  readonly pending: number;
}

/** Extraction that was not finished: how far it is, and what comes of it. Pure. */
export function draftLines(draft: DraftView, around: AroundDraft): readonly string[] {
  const { beganAt, checkpointAt, resources, tables, diskBytes, folder, damage } = draft;
  const facts = [
    ["begun", formatTime(beganAt, around)],
    ["checkpoint", checkpointAt === undefined ? "none yet" : formatTime(checkpointAt, around)],
    ["on disk", `${formatBytes(diskBytes)} in ${folder}`],
    ...damage.map((what) => ["damaged", what]),
  ];
  return [
    ...formatTable(facts.map(([key = "", value = ""]) => [`  ${key}`, printable(value)])),
    ...indented([
      ["resource", "pages", "rows", "read", "next"],
      ...resources.map((resource) => [
        printable(resource.name),
        formatCount(resource.pages),
        formatCount(resource.rows),
        formatBytes(resource.bytes),
        printable(nextOf(resource)),
      ]),
    ]),
    ...indented([
      ["table", "rows", "size", "files"],
      ...tables.map(({ name, rows, bytes, files }) => [
        printable(name),
        formatCount(rows),
        formatBytes(bytes),
        formatCount(files),
      ]),
    ]),
    `  ${comesNext(draft, around)}`,
  ];
}

/** A table with its heading; nothing where it has no rows. */
function indented(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length < 2 ? [] : formatTable(rows, "lrrrl").map((line) => `  ${line}`);
}

function nextOf({ state, parent, position }: DraftResource): string {
  switch (state) {
    case "finished":
      return "finished";
    case "continues":
      return parent === undefined ? shortPosition(position) : `goes on with ${parent}`;
    case "restarts":
      return parent === undefined ? "from its start: it cannot go on in the middle" : `from the start of ${parent}`;
  }
}

/** Columns for a position. */
const widest = 100;

/** A position in one line. A request is its method and address; what is left out is in the middle, as pages are counted at the end. */
function shortPosition(position: Json | undefined): string {
  const text = positionText(position);
  const half = (widest - 1) / 2;
  return text.length <= widest ? text : `${text.slice(0, Math.ceil(half))}…${text.slice(-Math.floor(half))}`;
}

function positionText(position: Json | undefined): string {
  const own = ownPosition(position);
  const { request = own } = isObject(own) ? own : {};
  if (isObject(request) && typeof request["url"] === "string") {
    const { url, method = "GET", json } = request;
    return `${typeof method === "string" ? method : ""} ${url}${json === undefined ? "" : ` ${JSON.stringify(json)}`}`;
  }
  return typeof own === "string" ? own : JSON.stringify(own ?? null);
}

/** The position of a resource with a cursor or a limit is kept together with these. */
function ownPosition(position: Json | undefined): Json | undefined {
  if (!isObject(position) || !("at" in position)) return position;
  const others = Object.keys(position).filter((key) => key !== "at");
  return others.length > 0 && others.every((key) => key === "cursor" || key === "pages") ? position["at"] : position;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function comesNext({ damage, checkpointAt }: DraftView, { isRunning, pending }: AroundDraft): string {
  if (isRunning) return "It is being filled now: this is how it stood a moment ago.";
  const first = pending > 0 ? "Once the packages above are loaded, the" : "The";
  if (damage.length > 0) return `${first} next run drops it, as it is damaged, and reads everything from its start.`;
  if (checkpointAt === undefined) return `${first} next run begins anew: nothing had been kept yet.`;
  return `${first} next run goes on from here, and loads it all. It is dropped, and all is read again, with --fresh or where the pipeline's configuration was changed.`;
}
