import type { SqlReader } from "../../destination/sql-reader.ts";
import { decodeState } from "../../state/pipeline-state.ts";
import { parseExact } from "../../util/json.ts";

/** A table as it stands in the database: every value as the engine prints it. */
export interface ObservedTable {
  /** Name, type, and whether it may be null (`YES`, `NO`), in the order in which they stand. */
  readonly columns: readonly (readonly [string, string, string])[];
  readonly rows?: readonly (readonly (string | null)[])[];
}

/** A dataset after a step, in the shape of the golden results. */
export interface Observed {
  readonly error: readonly string[] | null;
  readonly tables: Readonly<Record<string, ObservedTable>>;
  readonly loads?: readonly (readonly unknown[])[];
  readonly versions?: readonly Readonly<Record<string, unknown>>[];
  readonly states?: readonly Readonly<Record<string, unknown>>[];
}

const systemTables = new Set(["_dlt_version", "_dlt_loads", "_dlt_pipeline_state"]);

/** Reads everything that is in a dataset. */
export async function observe(reader: SqlReader, dataset: string): Promise<Omit<Observed, "error">> {
  const all = async (sql: string, parameters: readonly unknown[] = []): Promise<Record<string, unknown>[]> => {
    const rows: Record<string, unknown>[] = [];
    for await (const batch of reader.query(sql, parameters)) rows.push(...batch);
    return rows;
  };
  const columns = await all(
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = $1 AND table_catalog = current_database() ORDER BY table_name, ordinal_position",
    [dataset],
  );
  const tables: Record<string, { columns: [string, string, string][]; rows?: (string | null)[][] }> = {};
  for (const column of columns) {
    const table = (tables[String(column["table_name"])] ??= { columns: [] });
    table.columns.push([String(column["column_name"]), String(column["data_type"]), String(column["is_nullable"])]);
  }
  for (const [name, table] of Object.entries(tables)) {
    if (systemTables.has(name)) continue;
    const list = table.columns.map(([column], index) => `CAST(${reader.quote(column)} AS VARCHAR) AS c${index}`);
    const rows = await all(`SELECT ${list.join(", ")} FROM ${reader.qualify(name)}`);
    table.rows = rows.map((row) => table.columns.map((_, index) => (row[`c${index}`] ?? null) as string | null));
  }
  return {
    tables,
    ...(tables["_dlt_loads"] && { loads: await loads() }),
    ...(tables["_dlt_version"] && { versions: await versions() }),
    ...(tables["_dlt_pipeline_state"] && { states: await states() }),
  };

  async function loads(): Promise<unknown[][]> {
    const rows = await all(
      `SELECT load_id, schema_name, status, schema_version_hash FROM ${reader.qualify("_dlt_loads")} ORDER BY load_id`,
    );
    return rows.map((row) => [row["load_id"], row["schema_name"], Number(row["status"]), row["schema_version_hash"]]);
  }

  async function versions(): Promise<Record<string, unknown>[]> {
    const rows = await all(
      `SELECT version, engine_version, schema_name, version_hash, schema FROM ${reader.qualify("_dlt_version")} ORDER BY schema_name, version`,
    );
    return rows.map((row) => ({
      version: Number(row["version"]),
      engine_version: Number(row["engine_version"]),
      schema_name: row["schema_name"],
      version_hash: row["version_hash"],
      schema: parseExact(String(row["schema"])),
    }));
  }

  async function states(): Promise<Record<string, unknown>[]> {
    const rows = await all(
      `SELECT version, engine_version, pipeline_name, state, version_hash, _dlt_load_id FROM ${reader.qualify("_dlt_pipeline_state")} ORDER BY _dlt_load_id`,
    );
    return rows.map((row) => ({
      version: Number(row["version"]),
      engine_version: Number(row["engine_version"]),
      pipeline_name: row["pipeline_name"],
      state: decodeState(String(row["state"])),
      version_hash: row["version_hash"],
      load_id: row["_dlt_load_id"],
    }));
  }
}
