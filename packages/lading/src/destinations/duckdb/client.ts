import type { DestinationClient } from "../../destination/destination.ts";
import { sqlClient } from "../../destination/sql/load/index.ts";
import { namesOf } from "./catalog.ts";
import type { OpenDatabase } from "../../engines/duckdb/driver.ts";
import { duckdbEngine } from "./engine.ts";
import { guarded } from "../../engines/duckdb/errors.ts";
import { duckdbReader } from "./reader.ts";

/** A client over an open database file. Closing it frees the file. */
export async function duckdbClient(database: OpenDatabase, path: string, dataset: string): Promise<DestinationClient> {
  const names = await guarded(path, () => namesOf(database.connection, dataset));
  return sqlClient({
    engine: duckdbEngine(database, names, path),
    reader: () => duckdbReader(database, names, path),
    close: () => database.close(),
  });
}
