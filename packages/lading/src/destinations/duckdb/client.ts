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
import { namesOf, queryRowIfThere } from "./catalog.ts";
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

  const ask = (sql: string): Promise<Record<string, unknown> | undefined> =>
    guarded(path, () => queryRowIfThere(connection, sql));

  const client: DestinationClient = {
    async readState(pipeline): Promise<StoredState | undefined> {
      const row = await ask(selectNewestState(duckdbDialect, names.system, pipeline));
      if (row === undefined) return undefined;
      return { version: Number(row["version"]), state: String(row["state"]), loadId: String(row["load_id"]) };
    },
    async readSchema(name): Promise<StoredSchema | undefined> {
      const row = await ask(selectNewestSchema(duckdbDialect, names.system, name));
      if (row === undefined) return undefined;
      return {
        version: Number(row["version"]),
        versionHash: String(row["version_hash"]),
        schema: String(row["schema"]),
      };
    },
    async isLoaded(loadId) {
      const row = await ask(selectLoad(duckdbDialect, names.system, loadId));
      return row !== undefined;
    },
    async lastLoadId() {
      const row = await ask(selectLastLoadId(names.system));
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
