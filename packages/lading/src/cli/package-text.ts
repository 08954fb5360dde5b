import type { PackageView } from "../pipeline/inspect/inspect-package.ts";
import { formatAmount, formatBytes, formatCount, formatDuration, formatTable, printable } from "./format.ts";
import { formatTime, type TimeOptions } from "./format-time.ts";

/** What {@link packageLines} is told beside the package. */
export interface AroundPackage extends TimeOptions {
  readonly isRunning: boolean;
  /** With everything that is known of it. Default: what matters at first sight. */
  readonly whole?: boolean;
}

/** A package: what is in it, where it goes, and what comes of it. Pure. */
export function packageLines(view: PackageView, around: AroundPackage): readonly string[] {
  const facts = [...briefFacts(view, around), ...(around.whole === true ? moreFacts(view) : [])];
  return [
    ...formatTable(facts.map(([key = "", value = ""]) => [`  ${key}`, printable(value)])),
    ...tableLines(view).map((line) => `  ${line}`),
    ...(around.whole === true ? resourceLines(view).map((line) => `  ${line}`) : []),
    `  ${comesNext(view, around.isRunning)}`,
  ];
}

/** Rows in a package. */
export function rowsOf({ tables }: Pick<PackageView, "tables">): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0);
}

function briefFacts(view: PackageView, time: TimeOptions): readonly (readonly string[])[] {
  const { loadId, sealedAt, load, destination, dataset, diskBytes, folder, emptied, reason, failure, damage } = view;
  const where = load === undefined ? (destination ?? "unknown") : `${destination ?? ""} (${load.location})`;
  return [
    // Of a package that cannot be read the load id still tells when it was sealed.
    ["sealed", formatTime(sealedAt ?? new Date(Number(loadId) * 1000).toISOString(), time)],
    ...(load === undefined
      ? []
      : [["loaded", `${formatTime(load.committedAt, time)}, in ${formatDuration(load.milliseconds)}`]]),
    [view.state === "pending" ? "goes to" : "destination", `${where}, dataset ${dataset ?? "unknown"}`],
    ["on disk", `${formatBytes(diskBytes)} in ${folder}`],
    ...(emptied.length === 0 ? [] : [["emptied", emptied.join(", ")]]),
    ...(reason === undefined ? [] : [["why", `${reason.code}: ${reason.message}`]]),
    ...(failure === undefined
      ? []
      : [["failed", `${formatAmount(failure.attempts, "time")}, the last with ${failure.code}: ${failure.message}`]]),
    ...damage.map((what) => ["damaged", what]),
  ];
}

function moreFacts({ schema, stateVersion, writesState, load }: PackageView): readonly (readonly string[])[] {
  return [
    ...(schema === undefined
      ? []
      : [
          ["schema", `${schema.name}, version ${schema.version}, ${formatAmount(schema.tables.length, "table")}`],
          ["schema hash", schema.hash],
        ]),
    ...(stateVersion === undefined
      ? []
      : [["state", `version ${stateVersion}, ${writesState === true ? "loaded with it" : "unchanged"}`]]),
    ...(load?.warnings ?? []).map((warning) => ["warning", warning]),
  ];
}

function tableLines({ tables, load }: PackageView): readonly string[] {
  if (tables.length === 0) return ["No rows."];
  const made = new Map((load?.changes ?? []).map(({ table, added }) => [table, added.length]));
  const did = (name: string): readonly string[] => {
    const counts = load?.tables[name];
    if (counts === undefined) return [];
    return [formatCount(counts.removed), formatCount(counts.total), formatCount(made.get(name) ?? 0)];
  };
  return formatTable(
    [
      [
        "table",
        "rows",
        "size",
        "files",
        ...(load === undefined ? [] : ["replaced", "then in the table", "new columns"]),
      ],
      ...tables.map(({ name, rows, bytes, files }) => [
        printable(name),
        formatCount(rows),
        formatBytes(bytes),
        formatCount(files),
        ...did(name),
      ]),
    ],
    "lr",
  );
}

function resourceLines({ resources }: PackageView): readonly string[] {
  const names = Object.keys(resources);
  if (names.length === 0) return [];
  return formatTable(
    [
      ["resource", "rows", "read", "pages"],
      ...Object.entries(resources).map(([name, { pages, rows, bytes }]) => [
        printable(name),
        formatCount(rows),
        formatBytes(bytes),
        formatCount(pages),
      ]),
    ],
    "lr",
  );
}

function comesNext({ state, damage }: PackageView, isRunning: boolean): string {
  switch (state) {
    case "loaded":
      return "It is in the destination. Its rows are no longer kept here.";
    case "committed":
      return "It is in the destination already; the next run only tidies up here.";
    case "set-aside":
      return "It is not loaded any more. Delete its folder when nobody needs it.";
    case "pending":
      if (isRunning) return "A run is at work, and may be loading it now.";
      return damage.length > 0
        ? "The next run stops at it, with PACKAGE_CORRUPT; one with --fresh sets it aside and reads its rows from the source again."
        : "The next run loads it first, and reads nothing new.";
  }
}
