import type { Exact } from "../util/exact.ts";
import type { StoredContract } from "./contract.ts";
import type { DataType } from "./data-type.ts";

/**
 * A column as it is stored: dlt's own keys in snake_case, `x-` hints as they came (spec dlt-core 4.5).
 * It is *complete* when it has a `data_type`; only complete columns exist in a destination.
 */
export interface ColumnSchema {
  name: string;
  data_type?: DataType;
  nullable?: boolean;
  precision?: number;
  scale?: number;
  timezone?: boolean;
  variant?: boolean;
  primary_key?: boolean;
  merge_key?: boolean;
  partition?: boolean;
  cluster?: boolean;
  sort?: boolean;
  unique?: boolean;
  row_key?: boolean;
  parent_key?: boolean;
  root_key?: boolean;
  hard_delete?: boolean;
  incremental?: boolean;
  dedup_sort?: "asc" | "desc";
  description?: string;
  [hint: `x-${string}`]: Exact | undefined;
}

/** What the normalizer keeps of a table between runs (spec dlt-core 4.4). */
export interface NormalizerMarks {
  "seen-data"?: boolean;
  "evolve-columns-once"?: boolean;
  max_nesting?: number;
}

/** A table as it is stored. Root tables have a `resource` and a `write_disposition`, nested ones a `parent`. */
export interface TableSchema {
  name: string;
  /** In their stored order, which is part of the schema's hash. */
  columns: Map<string, ColumnSchema>;
  parent?: string;
  resource?: string;
  write_disposition?: "append" | "replace" | "merge" | "skip";
  description?: string;
  file_format?: string;
  schema_contract?: StoredContract;
  "x-normalizer"?: NormalizerMarks;
  "x-merge-strategy"?: string;
  /** Hints that Lading has no use for are kept as they came. */
  [hint: string]: unknown;
}

/** The part of the settings that steers names and nesting (spec dlt-core 4.7). */
export interface NormalizersConfig {
  /** The naming convention. */
  names: string;
  json: {
    module: string;
    config?: {
      max_nesting?: number;
      root_key_propagation?: boolean;
      propagation?: { root?: Record<string, string>; tables?: Record<string, Record<string, string>> };
    };
  };
  use_break_path_on_normalize?: boolean;
  allow_identifier_change_on_table_with_data?: boolean;
}

/** Settings of inference (spec dlt-core 4.7). */
export interface SchemaSettings {
  schema_contract?: StoredContract;
  detections?: string[];
  default_hints?: Record<string, string[]>;
  preferred_types?: Record<string, DataType>;
}

/**
 * A schema: what is known of the tables of a source. Mutable while a run owns it; {@link cloneSchema} before sharing.
 */
export interface Schema {
  name: string;
  /** Of the stored form; `undefined` before it was stored for the first time. */
  version: number | undefined;
  versionHash: string | undefined;
  /** Newest first, ten at most. */
  previousHashes: string[];
  engineVersion: number;
  /** In their stored order. */
  tables: Map<string, TableSchema>;
  settings: SchemaSettings;
  normalizers: NormalizersConfig;
  description?: string;
  importedVersionHash?: string;
}

/** The schema engine that Lading writes and reads (dlt 1.x). */
export const engineVersion = 11;

export function isComplete(column: ColumnSchema): column is ColumnSchema & { data_type: DataType } {
  return column.data_type !== undefined;
}

/** dlt's own tables start with `_dlt`, under every naming convention that Lading knows. */
export function isSystemTable(name: string): boolean {
  return name.startsWith("_dlt");
}

/** The table at the top of a chain of nested tables. */
export function rootTable(schema: Schema, table: TableSchema): TableSchema {
  let root = table;
  while (root.parent !== undefined) {
    const parent = schema.tables.get(root.parent);
    if (parent === undefined) break;
    root = parent;
  }
  return root;
}

/** A table and all tables nested in it, parents first, in the schema's order. */
export function tableChain(schema: Schema, name: string): TableSchema[] {
  const table = schema.tables.get(name);
  if (table === undefined) return [];
  const chain = [table];
  for (const candidate of schema.tables.values()) {
    if (candidate.parent === name) chain.push(...tableChain(schema, candidate.name));
  }
  return chain;
}

export function hasSeenData(table: TableSchema): boolean {
  return table["x-normalizer"]?.["seen-data"] === true;
}

/** A deep copy: nothing done to it is seen in the original. */
export function cloneSchema(schema: Schema): Schema {
  return {
    ...schema,
    previousHashes: [...schema.previousHashes],
    tables: new Map([...schema.tables].map(([name, table]) => [name, cloneTable(table)])),
    settings: structuredClone(schema.settings),
    normalizers: structuredClone(schema.normalizers),
  };
}

function cloneTable(table: TableSchema): TableSchema {
  const copy: TableSchema = {
    ...table,
    columns: new Map([...table.columns].map(([name, column]) => [name, { ...column }])),
  };
  if (table["x-normalizer"] !== undefined) copy["x-normalizer"] = { ...table["x-normalizer"] };
  return copy;
}
