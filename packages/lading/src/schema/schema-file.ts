import type { Tags } from "yaml";
import { LadingError } from "../errors/index.ts";
import { ExactFloat, type Exact, type ExactObject } from "../util/exact.ts";
import { dataTypes } from "./data-type.ts";
import { cloneSchema, type Schema } from "./schema.ts";
import { bumpVersion } from "./version.ts";
import { schemaFromWire, schemaToWire } from "./wire.ts";

/** The file of a schema in the folders that a person works in, as dlt calls it. */
export function schemaFileName(schema: string): string {
  return `${schema}.schema.yaml`;
}

/** A schema without what the normalizer keeps in it between runs; its version is counted up where that changes it. */
export function withoutMarks(schema: Schema): Schema {
  const bare = cloneSchema(schema);
  for (const table of bare.tables.values()) {
    for (const mark of ["x-normalizer", "x-loader", "x-extractor"]) delete table[mark];
    for (const column of table.columns.values()) delete column["x-normalizer"];
  }
  bumpVersion(bare);
  return bare;
}

/**
 * A schema as dlt's `to_pretty_yaml` writes it: its stored form, without the names that the keys say already and without
 * the hash of what it was imported from (spec dlt-core 4.8). Long texts are not broken over lines.
 */
export async function schemaToYaml(schema: Schema): Promise<string> {
  const wire = schemaToWire(schema);
  wire.delete("imported_version_hash");
  const tables = wire.get("tables") as Map<string, ExactObject>;
  for (const [key, table] of tables) {
    table.delete("name");
    for (const column of objectsIn(table.get("columns"))) column.delete("name");
    tables.set(key, inDltsOrder(table));
  }
  const { Document, Scalar } = await import("yaml");
  const document = new Document(
    toNodes(wire, (float) => Object.assign(new Scalar(float.value), { minFractionDigits: 1 })),
    // The rules of YAML 1.1 are those of the parser that dlt uses: it takes `on` for a boolean.
    { version: "1.1", aliasDuplicateObjects: false, customTags: without("omap", "set", "pairs") },
  );
  return document.toString({ indentSeq: false, lineWidth: 0, singleQuote: true, blockQuote: false, directives: false });
}

/**
 * Reads a schema file: what it leaves out gets dlt's defaults, and a changed content a new version.
 * @param name of the schema that it must be
 * @param place of the file, for messages
 * @throws LadingError SCHEMA_FILE_INVALID, SCHEMA_ENGINE
 */
export async function schemaFromYaml(text: string, name: string, place: string): Promise<Schema> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, {
    version: "1.1",
    intAsBigInt: true,
    prettyErrors: true,
    // A moment stays the text that it is in a stored schema.
    customTags: without("timestamp"),
  });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const [start] = problem.linePos ?? [];
    // What follows is an excerpt of the file.
    const [message = ""] = problem.message.split(/ at line \d+/, 1);
    throw invalid(start === undefined ? place : `${place}:${start.line}:${start.col}`, message);
  }
  const wire = toExact(document.toJS({ mapAsMap: true, maxAliasCount: 100 }), place, []);
  if (!(wire instanceof Map)) throw invalid(place, "it is not a schema");
  check(wire, name, place);
  for (const [key, table] of wire.get("tables") as Map<string, ExactObject>) giveDefaults(key, table);
  const schema = schemaFromWire(wire);
  bumpVersion(schema);
  return schema;
}

/** dlt says what is done with a table before it says of which resource it is. */
function inDltsOrder(table: ExactObject): ExactObject {
  const keys = [...table.keys()];
  const [resource, disposition] = [keys.indexOf("resource"), keys.indexOf("write_disposition")];
  if (resource < 0 || disposition < resource) return table;
  keys.splice(disposition, 1);
  keys.splice(resource, 0, "write_disposition");
  return new Map(keys.map((key) => [key, table.get(key)!]));
}

/** The tags of YAML 1.1 but some. */
function without(...names: readonly string[]): (tags: Tags) => Tags {
  return (tags) => tags.filter((tag) => !names.includes(typeof tag === "string" ? tag : tag.tag.split(":").at(-1)!));
}

function invalid(place: string, what: string): LadingError {
  return new LadingError("SCHEMA_FILE_INVALID", `${place}: ${what}.`, { details: { place } });
}

function objectsIn(value: Exact | undefined): ExactObject[] {
  return value instanceof Map ? [...value.values()].filter((one) => one instanceof Map) : [];
}

function toNodes(value: Exact, ofFloat: (float: ExactFloat) => unknown): unknown {
  if (value instanceof ExactFloat) return ofFloat(value);
  if (Array.isArray(value)) return value.map((one) => toNodes(one, ofFloat));
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, toNodes(one, ofFloat)]));
  return value;
}

function toExact(value: unknown, place: string, path: readonly string[]): Exact {
  if (typeof value === "number") return new ExactFloat(value);
  if (Array.isArray(value)) return value.map((one, index) => toExact(one, place, [...path, String(index)]));
  if (!(value instanceof Map)) return value as Exact;
  const object: ExactObject = new Map();
  for (const [key, one] of value) {
    if (typeof key !== "string") {
      throw invalid(place, `the key ${String(key)} in "${path.join(".")}" is not a text; put it in quotation marks`);
    }
    object.set(key, toExact(one, place, [...path, key]));
  }
  return object;
}

/** What a person may have got wrong; what dlt would not read either. */
function check(wire: ExactObject, name: string, place: string): void {
  const given = wire.get("name");
  if (given !== name) throw invalid(place, `its name is ${JSON.stringify(given ?? null)} instead of "${name}"`);
  if (wire.get("engine_version") === undefined) throw invalid(place, "engine_version is missing");
  const tables = wire.get("tables");
  if (!(tables instanceof Map)) throw invalid(place, "tables is no object");
  for (const needed of ["_dlt_version", "_dlt_loads"]) {
    if (!tables.has(needed)) throw invalid(place, `the table ${needed} is missing`);
  }
  for (const [key, table] of tables) {
    if (!(table instanceof Map)) throw invalid(place, `tables.${key} is no object`);
    const parent = table.get("parent");
    if (parent !== undefined && (typeof parent !== "string" || !tables.has(parent))) {
      throw invalid(place, `tables.${key}.parent is ${JSON.stringify(parent)}, which is not there`);
    }
    const columns = table.get("columns");
    if (!(columns instanceof Map)) throw invalid(place, `tables.${key}.columns is no object`);
    for (const [column, one] of columns) checkColumn(`tables.${key}.columns.${column}`, one, place);
  }
}

function checkColumn(at: string, column: Exact, place: string): void {
  if (!(column instanceof Map)) throw invalid(place, `${at} is no object`);
  const type = column.get("data_type");
  if (type !== undefined && !dataTypes.some((known) => known === type)) {
    throw invalid(place, `${at}.data_type is ${JSON.stringify(type)}; known are ${dataTypes.join(", ")}`);
  }
  const nullable = column.get("nullable");
  if (nullable !== undefined && typeof nullable !== "boolean")
    throw invalid(place, `${at}.nullable is not true or false`);
}

/** As dlt puts them in (spec dlt-core 4.2): their order does not count. */
function giveDefaults(key: string, table: ExactObject): void {
  table.set("name", key);
  for (const [name, column] of table.get("columns") as Map<string, ExactObject>) column.set("name", name);
  if (table.get("parent") !== undefined) return;
  if (table.get("write_disposition") === undefined) table.set("write_disposition", "append");
  if (table.get("resource") === undefined) table.set("resource", key);
}
