import type { Schema } from "../../schema/schema.ts";
import type { PipelineState } from "../../state/pipeline-state.ts";
import { encodeState, engineOf, storedHash, stateVersion } from "../../state/pipeline-state.ts";
import type { LoadIdentity } from "../destination.ts";
import type { Dialect, TableRef } from "./dialect.ts";

/** dlt's own tables, qualified and quoted. */
export interface SystemTables {
  readonly version: TableRef;
  readonly loads: TableRef;
  readonly state: TableRef;
}

/** The newest state of a pipeline whose load was committed: `version`, `state`, `load_id` (spec dlt-core 5.5). */
export function selectNewestState(dialect: Dialect, tables: SystemTables, pipeline: string): string {
  return `SELECT s.version, s.state, s._dlt_load_id AS load_id FROM ${tables.state} AS s JOIN ${tables.loads} AS l ON l.load_id = s._dlt_load_id WHERE s.pipeline_name = ${dialect.literal(pipeline)} AND l.status = 0 ORDER BY l.load_id DESC LIMIT 1`;
}

/** The newest version of a schema: `version`, `version_hash`, `schema`. */
export function selectNewestSchema(dialect: Dialect, tables: SystemTables, name: string): string {
  return `SELECT version, version_hash, schema FROM ${tables.version} WHERE schema_name = ${dialect.literal(name)} ORDER BY inserted_at DESC, version DESC LIMIT 1`;
}

/** Asks for a load by what is known of it. */
export function selectLoad(
  { literal }: Dialect,
  tables: SystemTables,
  { loadId, schema, schemaVersionHash }: Pick<LoadIdentity, "loadId"> & Partial<LoadIdentity>,
): string {
  const conditions = [
    `load_id = ${literal(loadId)}`,
    ...(schema === undefined ? [] : [`schema_name = ${literal(schema)}`]),
    ...(schemaVersionHash === undefined ? [] : [`schema_version_hash = ${literal(schemaVersionHash)}`]),
  ];
  return `SELECT 1 AS found FROM ${tables.loads} WHERE ${conditions.join(" AND ")} LIMIT 1`;
}

/** The newest load of a schema, where it is later than this one. */
export function selectLaterLoad(dialect: Dialect, tables: SystemTables, schema: string, loadId: string): string {
  const { literal } = dialect;
  return `SELECT max(load_id) AS load_id FROM ${tables.loads} WHERE schema_name = ${literal(schema)} HAVING max(load_id) > ${literal(loadId)}`;
}

export function selectLastLoadId(tables: SystemTables): string {
  return `SELECT max(load_id) AS id FROM ${tables.loads}`;
}

/** Takes away all versions of a schema: its tables were dropped (spec dlt-core 5.3). */
export function deleteVersions(dialect: Dialect, tables: SystemTables, name: string): string {
  return `DELETE FROM ${tables.version} WHERE schema_name = ${dialect.literal(name)}`;
}

/** A row for a version of a schema, where that version is not there yet. */
export function insertVersion(
  dialect: Dialect,
  tables: SystemTables,
  schema: Schema,
  text: string,
  now: string,
): string {
  const hash = dialect.literal(schema.versionHash ?? "");
  const name = dialect.literal(schema.name);
  const values = [
    String(schema.version ?? 1),
    String(schema.engineVersion),
    `CAST(${dialect.literal(now)} AS TIMESTAMP WITH TIME ZONE)`,
    name,
    hash,
    dialect.literal(text),
  ];
  return `INSERT INTO ${tables.version} (version, engine_version, inserted_at, schema_name, version_hash, schema) SELECT ${values.join(", ")} WHERE NOT EXISTS (SELECT 1 FROM ${tables.version} WHERE version_hash = ${hash} AND schema_name = ${name})`;
}

export function insertState(
  dialect: Dialect,
  tables: SystemTables,
  row: {
    readonly pipeline: string;
    readonly state: PipelineState;
    readonly loadId: string;
    readonly rowId: string;
    readonly now: string;
  },
): string {
  const { literal } = dialect;
  const values = [
    String(stateVersion(row.state)),
    String(engineOf(row.state)),
    literal(row.pipeline),
    literal(encodeState(row.state)),
    literal(row.now),
    literal(storedHash(row.state) ?? ""),
    literal(row.loadId),
    literal(row.rowId),
  ];
  return `INSERT INTO ${tables.state} (version, engine_version, pipeline_name, state, created_at, version_hash, _dlt_load_id, _dlt_id) VALUES (${values.join(", ")})`;
}

/** The row that commits a load; always the last. */
export function insertLoad(
  dialect: Dialect,
  tables: SystemTables,
  schema: Schema,
  loadId: string,
  now: string,
): string {
  const { literal } = dialect;
  return `INSERT INTO ${tables.loads} (load_id, schema_name, status, inserted_at, schema_version_hash) VALUES (${literal(loadId)}, ${literal(schema.name)}, 0, ${literal(now)}, ${literal(schema.versionHash ?? "")})`;
}
