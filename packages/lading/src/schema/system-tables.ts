import type { DataType } from "./data-type.ts";
import type { ColumnSchema, TableSchema } from "./schema.ts";

/** Names of dlt's own tables and columns before a naming convention is applied (spec dlt-core 1.5, 5.1). */
const versionTableName = "_dlt_version";
const loadsTableName = "_dlt_loads";
const stateTableName = "_dlt_pipeline_state";

function column(
  name: string,
  dataType: DataType,
  nullable: boolean,
  description: string,
  precision?: number,
): ColumnSchema {
  return {
    name,
    data_type: dataType,
    nullable,
    ...(precision === undefined ? {} : { precision }),
    description,
  };
}

function columnsOf(columns: readonly ColumnSchema[]): Map<string, ColumnSchema> {
  return new Map(columns.map((one) => [one.name, one]));
}

/** `_dlt_version`: every version of every schema. The texts are part of the hash (spec dlt-1.31 1.2). */
export function versionTable(): TableSchema {
  return {
    name: versionTableName,
    columns: columnsOf([
      column("version", "bigint", false, "Numeric version of the schema, incremented on each schema change"),
      column("engine_version", "bigint", false, "Version of the dlt schema engine that created this schema"),
      column("inserted_at", "timestamp", false, "Timestamp when this schema version was stored"),
      column("schema_name", "text", false, "Name of the schema"),
      column("version_hash", "text", false, "Unique hash of the schema content, used to detect changes"),
      column("schema", "text", false, "JSON representation of the complete schema definition"),
    ]),
    write_disposition: "skip",
    resource: versionTableName,
    description: "Created by DLT. Tracks schema updates",
  };
}

/** `_dlt_loads`: a row for each load that was committed. */
export function loadsTable(): TableSchema {
  return {
    name: loadsTableName,
    columns: columnsOf([
      column("load_id", "text", false, "Unique identifier of the load operation", 64),
      column("schema_name", "text", true, "Name of the schema associated with this load"),
      column("status", "bigint", false, "Status of the load operation (0 = success)"),
      column("inserted_at", "timestamp", false, "Timestamp when the load was completed"),
      column("schema_version_hash", "text", true, "Hash of the schema version used during this load"),
    ]),
    write_disposition: "skip",
    resource: loadsTableName,
    description: "Created by DLT. Tracks completed loads",
  };
}

/** The declared columns of `_dlt_pipeline_state`; `_dlt_id` is added like that of any other table. */
function stateColumns(): ColumnSchema[] {
  return [
    column("version", "bigint", false, "Numeric version of the pipeline state"),
    column("engine_version", "bigint", false, "Version of the dlt state engine"),
    column("pipeline_name", "text", false, "Name of the pipeline this state belongs to"),
    column("state", "text", false, "Compressed JSON representation of the pipeline state"),
    column("created_at", "timestamp", false, "Timestamp when this state was created"),
    column("version_hash", "text", true, "Hash of the state content, used to detect changes"),
    column("_dlt_load_id", "text", false, "Load identifier linking this row to its load operation", 64),
  ];
}

/** `_dlt_pipeline_state` as extraction declares it, without `_dlt_id` (spec dlt-core 5.1). */
export function stateTable(): TableSchema {
  return {
    columns: columnsOf(stateColumns()),
    write_disposition: "append",
    file_format: "preferred",
    name: stateTableName,
    resource: stateTableName,
  };
}
