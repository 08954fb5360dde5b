import { LadingError } from "../errors/index.ts";
import { ExactFloat, type Exact, type ExactObject } from "../util/exact.ts";
import { parseExact } from "../util/json.ts";
import { stringify } from "../util/json-text.ts";
import {
  engineVersion,
  type ColumnSchema,
  type NormalizersConfig,
  type Schema,
  type SchemaSettings,
  type TableSchema,
} from "./schema.ts";

/** The stored form of a schema: the JSON text of `_dlt_version.schema` and of local files (spec dlt-core 4.1). */
export function schemaToText(schema: Schema): string {
  return stringify(schemaToWire(schema));
}

/** The content that is hashed and stored, keys in dlt's order. */
export function schemaToWire(schema: Schema): ExactObject {
  const wire = contentToWire(schema);
  const whole: ExactObject = new Map<string, Exact>([
    ["version", BigInt(schema.version ?? 1)],
    ["version_hash", schema.versionHash ?? ""],
  ]);
  for (const [key, value] of wire) if (key !== "description") whole.set(key, value);
  whole.set("previous_hashes", [...schema.previousHashes]);
  if (schema.importedVersionHash !== undefined) whole.set("imported_version_hash", schema.importedVersionHash);
  if (schema.description !== undefined) whole.set("description", schema.description);
  return whole;
}

/** The part of the stored form that makes the version hash: without the version and the hashes (spec dlt-core 4.2). */
export function contentToWire(schema: Schema): ExactObject {
  const content: ExactObject = new Map<string, Exact>([
    ["engine_version", BigInt(schema.engineVersion)],
    ["name", schema.name],
    ["tables", new Map([...schema.tables].map(([name, table]) => [name, tableToWire(table)]))],
    ["settings", plainToWire(schema.settings)],
    ["normalizers", plainToWire(schema.normalizers)],
  ]);
  if (schema.description !== undefined) content.set("description", schema.description);
  return content;
}

/** A table, or a part of one, as text: how a journal keeps changes. */
export function tableToText(table: TableSchema): string {
  return stringify(tableToWire(table));
}

export function tableFromText(text: string): TableSchema {
  const wire = objectOf(parseExact(text));
  return tableFromWire(textOrUndefined(wire.get("name")) ?? "", wire);
}

function tableToWire(table: TableSchema): ExactObject {
  const wire: ExactObject = new Map();
  for (const [key, value] of Object.entries(table)) {
    if (value === undefined) continue;
    wire.set(
      key,
      key === "columns"
        ? new Map([...table.columns].map(([name, column]) => [name, plainToWire(column)]))
        : plainToWire(value),
    );
  }
  return wire;
}

/** Plain objects to exact values: whole numbers are integers; what is exact already stays. */
function plainToWire(value: unknown): Exact {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : new ExactFloat(value);
  if (Array.isArray(value)) return value.map(plainToWire);
  if (
    typeof value !== "object" ||
    value === null ||
    value instanceof ExactFloat ||
    value instanceof Map ||
    value instanceof Date ||
    value instanceof Uint8Array
  ) {
    return value as Exact;
  }
  return new Map(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key, plainToWire(one)]),
  );
}

/**
 * A schema from its stored form. Both shapes that 1.x versions of dlt leave are read: with and without descriptions
 * of system columns (spec dlt-1.31 1.4).
 * Throws `SCHEMA_ENGINE` for other engines, `JSON_INVALID` where the text is none.
 */
export function schemaFromText(text: string): Schema {
  let wire: Exact;
  try {
    wire = parseExact(text);
  } catch (cause) {
    throw new LadingError("JSON_INVALID", "A stored schema is not valid JSON.", { cause });
  }
  if (!(wire instanceof Map)) throw new LadingError("JSON_INVALID", "A stored schema is not a JSON object.");
  return schemaFromWire(wire);
}

export function schemaFromWire(wire: ExactObject): Schema {
  const name = textOrUndefined(wire.get("name")) ?? "";
  const engine = Number(wire.get("engine_version"));
  if (engine !== engineVersion) {
    throw new LadingError(
      "SCHEMA_ENGINE",
      `The stored schema "${name}" has engine version ${engine}; Lading reads ${engineVersion}.`,
      { details: { schema: name, engine } },
    );
  }
  const schema: Schema = {
    name,
    version: wire.has("version") ? Number(wire.get("version")) : undefined,
    versionHash: textOrUndefined(wire.get("version_hash")),
    previousHashes: ((wire.get("previous_hashes") ?? []) as Exact[]).map(String),
    engineVersion: engine,
    tables: new Map(
      [...objectOf(wire.get("tables"))].map(([key, table]) => [key, tableFromWire(key, objectOf(table))]),
    ),
    settings: wireToPlain(wire.get("settings") ?? new Map()) as SchemaSettings,
    normalizers: wireToPlain(wire.get("normalizers") ?? new Map()) as NormalizersConfig,
  };
  const description = textOrUndefined(wire.get("description"));
  if (description !== undefined) schema.description = description;
  const imported = textOrUndefined(wire.get("imported_version_hash"));
  if (imported !== undefined) schema.importedVersionHash = imported;
  return schema;
}

function tableFromWire(name: string, wire: ExactObject): TableSchema {
  const table: TableSchema = { name, columns: new Map() };
  // The order of keys is kept: what is read is written as it was.
  const ordered: Record<string, unknown> = {};
  for (const [key, value] of wire) {
    ordered[key] =
      key === "columns"
        ? new Map([...objectOf(value)].map(([column, one]) => [column, columnFromWire(column, objectOf(one))]))
        : wireToPlain(value);
  }
  return Object.assign(ordered, { columns: ordered["columns"] ?? table.columns, name }) as TableSchema;
}

function columnFromWire(name: string, wire: ExactObject): ColumnSchema {
  const column = wireToPlain(wire) as ColumnSchema;
  return column.name === undefined ? Object.assign(column, { name }) : column;
}

/** Integers become numbers where that is safe; floats stay exact, since their text is hashed. */
function wireToPlain(value: Exact): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(wireToPlain);
  if (value instanceof Map) {
    const plain: Record<string, unknown> = {};
    for (const [key, one] of value) plain[key] = wireToPlain(one);
    return plain;
  }
  return value;
}

function objectOf(value: Exact | undefined): ExactObject {
  return value instanceof Map ? value : new Map();
}

function textOrUndefined(value: Exact | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
