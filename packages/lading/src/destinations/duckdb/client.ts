import type { DuckDBConnection } from "@duckdb/node-api";
import type {
  DestinationClient,
  EarlyRequest,
  LoadRequest,
  StoredSchema,
  StoredState,
} from "../../destination/destination.ts";
import {
  selectLastLoadId,
  selectLoad,
  selectNewestSchema,
  selectNewestState,
} from "../../destination/sql/system-rows.ts";
import { namesOf, queryRows, readCatalog, type Names } from "./catalog.ts";
import { duckdbDialect } from "./dialect.ts";
import type { OpenDatabase } from "./driver.ts";
import { guarded } from "./errors.ts";
import { duckdbReader } from "./reader.ts";
import { beginEarlyLoad, beginLoad } from "./transaction.ts";

/** A client over an open database file. Closing it frees the file. */
export async function duckdbClient(database: OpenDatabase, path: string, dataset: string): Promise<DestinationClient> {
  const { connection } = database;
  const names = await guarded(path, () => namesOf(connection, dataset));
  let open = true;

  async function ask(table: string, sql: string): Promise<Record<string, unknown> | undefined> {
    return guarded(path, async () => {
      if (!(await hasTable(connection, names, table))) return undefined;
      return (await queryRows(connection, sql))[0];
    });
  }

  const client: DestinationClient = {
    async readState(pipeline): Promise<StoredState | undefined> {
      if (!(await guarded(path, () => hasTable(connection, names, "_dlt_loads")))) return undefined;
      const row = await ask("_dlt_pipeline_state", selectNewestState(duckdbDialect, names.system, pipeline));
      if (row === undefined) return undefined;
      return { version: Number(row["version"]), state: String(row["state"]), loadId: String(row["load_id"]) };
    },
    async readSchema(name): Promise<StoredSchema | undefined> {
      const row = await ask("_dlt_version", selectNewestSchema(duckdbDialect, names.system, name));
      if (row === undefined) return undefined;
      return {
        version: Number(row["version"]),
        versionHash: String(row["version_hash"]),
        schema: String(row["schema"]),
      };
    },
    async isLoaded(loadId) {
      const row = await ask("_dlt_loads", selectLoad(duckdbDialect, names.system, loadId));
      return row !== undefined;
    },
    async lastLoadId() {
      const row = await ask("_dlt_loads", selectLastLoadId(names.system));
      return typeof row?.["id"] === "string" ? row["id"] : undefined;
    },
    begin: (load: LoadRequest) => guarded(path, () => beginLoad(database, names, path, load)),
    beginEarly: (load: EarlyRequest) => guarded(path, () => beginEarlyLoad(database, names, path, load)),
    reader: () => duckdbReader(connection, names, path),
    async close() {
      if (!open) return;
      open = false;
      await database.close();
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
  return client;
}

async function hasTable(connection: DuckDBConnection, names: Names, table: string): Promise<boolean> {
  return (await readCatalog(connection, names)).has(table);
}
