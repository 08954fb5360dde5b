import type { Config } from "../config/config.ts";
import type { Destination } from "../destination/destination.ts";
import { LadingError } from "../errors/index.ts";
import type { DraftHeader } from "../load-package/draft-header.ts";
import { dropTables, resourceTables } from "../schema/drop-tables.ts";
import { newSchema } from "../schema/new-schema.ts";
import { cloneSchema, hasSeenData, type Schema } from "../schema/schema.ts";
import { forgetResources, forgetSourceState, type PipelineState } from "../state/pipeline-state.ts";

/**
 * Begins a source anew, in the transaction of its load (dlt's words):
 *
 * - `drop_sources`: all tables of the source, its schema's history, and all that it remembers;
 * - `drop_resources`: the tables of the resources that are loaded, and what they remember;
 * - `drop_data`: as `drop_resources`, but tables are emptied and the schema stays.
 */
export type RefreshMode = (typeof refreshModes)[number];

const refreshModes = ["drop_sources", "drop_resources", "drop_data"] as const;

/**
 * How a run begins anew: as it is told, else as the setting `refresh` says (in `pipelines.<name>`, `pipelines` or none).
 *
 * @throws LadingError INVALID_ARGUMENT, CONFIG_INVALID
 */
export function refreshMode(given: RefreshMode | undefined, config: Config, pipeline: string): RefreshMode | undefined {
  const sections = ["pipelines", pipeline];
  const value = given ?? config.get("refresh", sections);
  if (value === undefined || value === null || value === "") return undefined;
  const known = refreshModes.find((mode) => mode === value);
  if (known !== undefined) return known;
  const hint = `There are: ${refreshModes.join(", ")}.`;
  if (given !== undefined) throw new LadingError("INVALID_ARGUMENT", `"${given}" is no way to refresh.`, { hint });
  const place = config.where?.("refresh", sections) ?? "refresh";
  throw new LadingError("CONFIG_INVALID", `The setting "refresh" (${place}) is no way to refresh.`, {
    hint,
    details: { key: "refresh", place },
  });
}

/** Throws `DROP_UNSUPPORTED`. */
export function checkDropsTables({ name, capabilities }: Destination): void {
  if (capabilities.dropsTables ?? true) return;
  throw new LadingError("DROP_UNSUPPORTED", `The destination "${name}" cannot drop or empty tables.`, {
    details: { destination: name },
  });
}

/** What a refresh makes of a schema, and of the tables in the destination. */
export interface Refreshed {
  /** What was done; `undefined`: nothing, as there was nothing, or nothing was asked for. */
  readonly mode: RefreshMode | undefined;
  /** What the package's schema begins with. */
  readonly schema: Schema;
  /** Tables that go, nested ones first. */
  readonly dropped: readonly string[];
  /** Tables that stay, without their rows. */
  readonly truncated: readonly string[];
}

/** What is refreshed. */
export interface Refreshing {
  readonly mode: RefreshMode;
  readonly schemaName: string;
  /** Resources that are loaded. */
  readonly loaded: ReadonlySet<string>;
  /** Resources that are read, if only for those that are fed their rows. */
  readonly read: ReadonlySet<string>;
}

/** A schema that was never stored has nothing that could be begun anew. */
export function refreshSchema(stored: Schema, { mode, loaded, schemaName }: Refreshing): Refreshed {
  if ((stored.versionHash ?? "") === "") return notRefreshed(stored);
  const tables = resourceTables(stored, (resource) => mode === "drop_sources" || loaded.has(resource));
  const withData = tables.filter(hasSeenData).map(({ name }) => name);
  if (mode === "drop_data") return { mode, schema: stored, dropped: [], truncated: withData };
  if (mode === "drop_sources")
    return { mode, schema: newSchema(schemaName, stored.normalizers.names), dropped: withData, truncated: [] };
  const schema = cloneSchema(stored);
  dropTables(schema, tables);
  return { mode, schema, dropped: withData, truncated: [] };
}

export function notRefreshed(schema: Schema): Refreshed {
  return { mode: undefined, schema, dropped: [], truncated: [] };
}

/** Forgets what the refreshed resources remember; with `drop_sources` also what the source does. */
export function refreshState(state: PipelineState, base: DraftHeader["base"], refreshing: Refreshing): void {
  if (base.schemaHash === undefined) return;
  const { mode, schemaName, read } = refreshing;
  forgetResources(state, schemaName, (name) => mode === "drop_sources" || read.has(name));
  if (mode === "drop_sources") forgetSourceState(state, schemaName);
}
