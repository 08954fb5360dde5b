import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Destination } from "../../src/destination/destination.ts";
import type { SqlReader } from "../../src/destination/sql-reader.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { observe, type Observed } from "../../src/testing/golden/observe.ts";
import { withFullTypes } from "../postgres/full-columns.ts";
import { postgresDatabases, type PostgresDatabases } from "../postgres/server.ts";

/** An empty database, which Lading and dlt load into in turn. */
export interface Database {
  readonly destination: Destination;
  /** The same for dlt. */
  readonly dlt: DltDestination;
  /** Everything that is in a dataset. */
  observe(reader: SqlReader, dataset: string): Promise<Omit<Observed, "error">>;
}

/** A name in `dlt.destinations`, and the credentials that it is given. */
export interface DltDestination {
  readonly name: "duckdb" | "postgres";
  readonly credentials: string;
}

/** A DuckDB file in a folder. */
export function duckdbIn(folder: string): Database {
  const credentials = join(folder, "take-over.duckdb");
  return { destination: duckdb(credentials), dlt: { name: "duckdb", credentials }, observe };
}

/** For the tests of one `describe`; gives a database of its own each time. */
export function inPostgres(): () => Promise<Database> {
  let databases: PostgresDatabases;
  beforeAll(async () => void (databases = await postgresDatabases()), 60_000);
  afterAll(() => databases.stop());
  return async () => {
    const url = await databases.another();
    return {
      destination: postgres(url),
      dlt: { name: "postgres", credentials: url },
      observe: async (reader, dataset) => withFullTypes(await observe(reader, dataset), reader, dataset),
    };
  };
}
