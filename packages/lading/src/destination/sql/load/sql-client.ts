import type { DestinationClient, StoredSchema, StoredState } from "../../destination.ts";
import type { SqlReader } from "../../sql-reader.ts";
import { selectLastLoadId, selectLoad, selectNewestSchema, selectNewestState } from "../system-rows.ts";
import { beginEarlyLoad, beginLoad } from "./begin-load.ts";
import type { ResultRow, SqlEngine } from "./engine.ts";

export interface SqlClientOptions {
  readonly engine: SqlEngine;
  readonly reader: () => SqlReader;
  readonly close: () => Promise<void>;
}

/** The client of a destination that holds a load in one transaction, DDL included. */
export function sqlClient({ engine, reader, close }: SqlClientOptions): DestinationClient {
  const { dialect, names } = engine;
  let open = true;

  async function ask(sql: string): Promise<ResultRow | undefined> {
    try {
      return await engine.rowIfThere(sql);
    } catch (error) {
      throw engine.explain(error, []);
    }
  }

  const client: DestinationClient = {
    async readState(pipeline): Promise<StoredState | undefined> {
      const row = await ask(selectNewestState(dialect, names.system, pipeline));
      if (row === undefined) return undefined;
      return { version: Number(row["version"]), state: String(row["state"]), loadId: String(row["load_id"]) };
    },
    async readSchema(name): Promise<StoredSchema | undefined> {
      const row = await ask(selectNewestSchema(dialect, names.system, name));
      if (row === undefined) return undefined;
      return {
        version: Number(row["version"]),
        versionHash: String(row["version_hash"]),
        schema: String(row["schema"]),
      };
    },
    async isLoaded(load) {
      return (await ask(selectLoad(dialect, names.system, load))) !== undefined;
    },
    async lastLoadId() {
      const row = await ask(selectLastLoadId(names.system));
      return typeof row?.["id"] === "string" ? row["id"] : undefined;
    },
    begin: (load) => beginLoad(engine, load),
    beginEarly: (load) => beginEarlyLoad(engine, load),
    reader,
    async close() {
      if (!open) return;
      open = false;
      await close();
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
  return client;
}
