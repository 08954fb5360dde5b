import type { Config } from "../../config/config.ts";
import { readSetting } from "../../config/read-setting.ts";
import { LadingError } from "../../errors/index.ts";
import { incremental as cursor, type Incremental } from "../../resource/incremental.ts";
import { reflectionLevels, type ReflectionLevel, type TableOptions } from "./options.ts";

/** What is given in code, else in the settings, else by default. */
export interface TableSettings extends Pick<TableOptions, "includedColumns" | "excludedColumns"> {
  readonly schema: string | undefined;
  readonly chunkSize: number;
  readonly reflectionLevel: ReflectionLevel;
  readonly resolveForeignKeys: boolean;
  readonly incremental: Incremental | undefined;
}

const defaultChunkSize = 50_000;

/**
 * The settings of a table, by dlt's keys: `sources.<source>.<table>.chunk_size`, then `sources.<source>.chunk_size`.
 * The columns and the cursor are a table's own: they are not looked for above it.
 *
 * @throws LadingError CONFIG_INVALID, INVALID_ARGUMENT
 */
export function tableSettings(options: TableOptions, config: Config): TableSettings {
  const { table } = options;
  const sections = [table];
  const own = (key: string): string => `${table}.${key}`;
  const list = (key: string): readonly string[] | undefined => {
    const value = readSetting(config, own(key), "json");
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
    throw invalid(own(key), "is no list of names");
  };
  const chunkSize = options.chunkSize ?? readSetting(config, "chunk_size", "int", sections) ?? defaultChunkSize;
  if (!Number.isSafeInteger(chunkSize) || chunkSize < 1) throw invalid("chunk_size", "is no whole number from 1 on");
  const level = options.reflectionLevel ?? readSetting(config, "reflection_level", "text", sections) ?? "full";
  if (!isLevel(level))
    throw invalid("reflection_level", `must be ${reflectionLevels.map((one) => `"${one}"`).join(" or ")}`);
  const includedColumns = options.includedColumns ?? list("included_columns");
  const excludedColumns = options.excludedColumns ?? list("excluded_columns");
  return {
    schema: options.schema ?? readSetting(config, "schema", "text", sections),
    chunkSize,
    reflectionLevel: level,
    resolveForeignKeys:
      options.resolveForeignKeys ?? readSetting(config, "resolve_foreign_keys", "bool", sections) ?? false,
    incremental: incrementalSettings(own("incremental"), config),
    ...(includedColumns !== undefined && { includedColumns }),
    ...(excludedColumns !== undefined && { excludedColumns }),
  };
}

function incrementalSettings(at: string, config: Config): TableSettings["incremental"] {
  const path = readSetting(config, `${at}.cursor_path`, "text");
  if (path === undefined) return undefined;
  const get = <Type extends "text" | "float">(key: string, type: Type): ReturnType<typeof readSetting<Type>> =>
    readSetting(config, `${at}.${key}`, type);
  const settings: Readonly<Record<string, unknown>> = {
    initialValue: config.get(`${at}.initial_value`) ?? undefined,
    endValue: config.get(`${at}.end_value`) ?? undefined,
    lag: get("lag", "float"),
    rowOrder: get("row_order", "text"),
    onCursorValueMissing: get("on_cursor_value_missing", "text"),
    rangeStart: get("range_start", "text"),
    rangeEnd: get("range_end", "text"),
    lastValueFunc: get("last_value_func", "text"),
  };
  // What each of them may be is checked where they are put together.
  return cursor(path, Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)));
}

function isLevel(level: string): level is ReflectionLevel {
  return (reflectionLevels as readonly string[]).includes(level);
}

function invalid(key: string, what: string): LadingError {
  return new LadingError("CONFIG_INVALID", `The setting "${key}" ${what}.`, { details: { key } });
}
