import { LadingError } from "../errors/index.ts";
import { mergeStrategies, replaceStrategies } from "../schema/merge-strategy.ts";
import { parseTimestampLoose, timestampOfDate } from "../schema/temporal.ts";
import { fillPlaceholders } from "../util/fill-placeholders.ts";
import { suggest } from "../util/suggest.ts";
import type { WriteDisposition } from "./write-disposition.ts";

type Given = Readonly<Record<string, unknown>>;

/** The strategies that an option is for (spec dlt-1.31 5.1). */
const optionsOf: Readonly<Record<string, readonly string[]>> = {
  deduplicated: ["delete-insert"],
  sourceFilter: ["delete-insert", "upsert", "scd2", "cdc"],
  destinationScope: ["delete-insert", "scd2", "cdc"],
  skipUnchangedRows: ["upsert", "cdc"],
  rowVersionColumnName: ["upsert", "scd2", "cdc"],
  validityColumnNames: ["scd2"],
  activeRecordTimestamp: ["scd2"],
  boundaryTimestamp: ["scd2"],
};
const dispositions = ["append", "replace", "merge", "skip"];

/**
 * Checks what a write disposition says by itself, before anything is read. What it wants of its table and its destination
 * is checked when both are known.
 *
 * @throws LadingError DISPOSITION_INVALID
 */
export function checkDisposition(resource: string, disposition: WriteDisposition | undefined): void {
  const refuse = (what: string, hint?: string): never => {
    throw new LadingError("DISPOSITION_INVALID", `The write disposition of "${resource}": ${what}.`, {
      ...(hint !== undefined && { hint }),
      details: { resource },
    });
  };
  if (disposition === undefined) return;
  const given = (typeof disposition === "string" ? { disposition } : disposition) as Given;
  oneOf("disposition", given["disposition"], dispositions, refuse);
  const merges = given["disposition"] === "merge";
  const { strategy } = given;
  if (strategy !== undefined) {
    if (!merges && given["disposition"] !== "replace") refuse(`"${String(given["disposition"])}" has no strategies`);
    oneOf("strategy", strategy, merges ? mergeStrategies : replaceStrategies, refuse);
  }
  for (const [option, value] of Object.entries(given)) {
    if (option === "disposition" || option === "strategy") continue;
    const strategies = Object.hasOwn(optionsOf, option) ? optionsOf[option]! : undefined;
    if (strategies === undefined) {
      const near = suggest(option, Object.keys(optionsOf));
      refuse(
        `it has no option "${option}"`,
        near === undefined ? `The options are: ${Object.keys(optionsOf).join(", ")}.` : `Did you mean "${near}"?`,
      );
    }
    if (value === undefined || value === null || value === false) continue;
    // Without a strategy the table's own counts, which only its schema knows; a history is asked for by name.
    const known =
      strategy === undefined ? strategies!.some((one) => one !== "scd2") : strategies!.includes(strategy as string);
    if (!merges || !known) refuse(`"${option}" is for the ${asList(strategies!)}`);
  }
  if (merges) checkOptions(given, refuse);
}

type Refuse = (what: string, hint?: string) => never;

function oneOf(what: string, value: unknown, known: readonly string[], refuse: Refuse): void {
  if (typeof value === "string" && known.includes(value)) return;
  const near = typeof value === "string" ? suggest(value, known) : undefined;
  const hint = near === undefined ? `There are: ${known.join(", ")}.` : `Did you mean "${near}"?`;
  refuse(`there is no ${what} ${typeof value === "string" ? `"${value}"` : "of that kind"}`, hint);
}

function checkOptions(given: Given, refuse: Refuse): void {
  const text = (option: string): string | undefined => {
    const value = given[option];
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" && value.trim() !== ""
      ? value
      : refuse(`"${option}" must be a text that is not blank`);
  };
  for (const option of ["deduplicated", "skipUnchangedRows"]) {
    const value = given[option];
    if (value !== undefined && value !== null && typeof value !== "boolean")
      refuse(`"${option}" must be true or false`);
  }
  checkCondition("sourceFilter", text("sourceFilter"), {}, refuse);
  checkCondition("destinationScope", text("destinationScope"), { table: "", staging_table: "" }, refuse);
  const version = text("rowVersionColumnName");
  if (version !== undefined && given["strategy"] !== "scd2" && given["skipUnchangedRows"] !== true)
    refuse('"rowVersionColumnName" is only looked at with "skipUnchangedRows"');
  const names: unknown = given["validityColumnNames"];
  if (names !== undefined && names !== null) {
    const isPair =
      Array.isArray(names) &&
      names.length === 2 &&
      names.every((name) => typeof name === "string" && name.trim() !== "");
    if (!isPair || names[0] === names[1]) refuse('"validityColumnNames" must be two names, from and to');
  }
  for (const option of ["activeRecordTimestamp", "boundaryTimestamp"]) {
    const value = given[option];
    if (value !== undefined && value !== null && !isMoment(value))
      refuse(`"${option}" is no timestamp`, "Give a Date, or a text such as 2026-01-31T00:00:00Z.");
  }
}

function checkCondition(
  option: string,
  text: string | undefined,
  values: Readonly<Record<string, string>>,
  refuse: Refuse,
): void {
  try {
    if (text !== undefined) fillPlaceholders(text, values);
  } catch (error) {
    if (error instanceof RangeError) refuse(`"${option}": ${error.message}`);
    throw error;
  }
}

function isMoment(value: unknown): boolean {
  if (value instanceof Date) return timestampOfDate(value) !== undefined;
  return typeof value === "string" && parseTimestampLoose(value) !== undefined;
}

function asList(strategies: readonly string[]): string {
  const names = strategies.map((name) => `"${name}"`);
  if (names.length === 1) return `strategy ${names[0]}`;
  return `strategies ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
