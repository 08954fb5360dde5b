import type { SyncResult } from "../../pipeline/sync.ts";
import { formatAmount, formatTable, printable } from "../format.ts";
import type { Host } from "../host.ts";
import { managedPipeline, type PlaceOptions } from "../managed-pipeline.ts";
import { print } from "../print.ts";
import { type Style, styleFor } from "../style.ts";

/** The options of `lading pipeline NAME sync`. */
export interface SyncOptions extends PlaceOptions {
  readonly json?: boolean;
}

/** Prints what the destination has of a pipeline, which is what its next run begins with. Nothing is written. */
export async function sync(name: string, { json = false, ...place }: SyncOptions, host: Host): Promise<number> {
  const { pipeline, options, clean } = await managedPipeline(name, place, host);
  const found = await pipeline.sync(options);
  // Whole schemas are for `schema`.
  const schemas = found.schemas.map(({ text: _text, ...schema }) => schema);
  return print(host, {
    json,
    clean,
    lines: syncLines(found, styleFor(host.stdout, host.env)),
    value: { ...found, schemas },
  });
}

function syncLines(found: SyncResult, style: Style): readonly string[] {
  const { state, schemas, missing, lastLoadId } = found;
  const facts = [
    ["destination", `${found.destination} (${found.location})`],
    ["dataset", found.dataset],
    ["state", state === undefined ? "none" : `version ${state.version}, with load ${state.loadId}`],
    ["newest load", lastLoadId === undefined ? "none" : `${lastLoadId} (of any pipeline in the dataset)`],
    ...(missing.length === 0 ? [] : [["without rows", `the schemas ${missing.join(", ")}`]]),
  ];
  return [
    `${style.bold(printable(found.pipeline))}: ${state === undefined ? "the destination has nothing of it; the next run begins from the start." : "the next run begins with this."}`,
    ...formatTable(facts.map(([key = "", value = ""]) => [`  ${key}`, printable(value)])),
    ...schemas.flatMap(({ name, version, hash, tables }) => [
      "",
      `${style.bold(printable(name))}: schema version ${version}, ${hash}, ${formatAmount(tables.length, "table")}`,
      ...tables.map((table) => `  ${printable(table)}`),
    ]),
    ...rememberedLines(state?.sources, style),
  ];
}

/** What sources and resources remember: a line for each. */
function rememberedLines(sources: unknown, style: Style): readonly string[] {
  const lines = entries(sources).flatMap(([source, own]) =>
    entries(own).flatMap(([key, value]) =>
      key === "resources"
        ? entries(value).map(([resource, state]) => [`  ${source}.resources.${resource}`, shortJson(state)])
        : [[`  ${source}.${key}`, shortJson(value)]],
    ),
  );
  if (lines.length === 0) return [];
  return ["", style.bold("Remembered"), ...formatTable(lines.map((line) => line.map(printable)))];
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** So many characters of a state are shown; `--json` has all. */
const longest = 160;

function shortJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, one: unknown) => (typeof one === "bigint" ? String(one) : one)) ?? "";
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
