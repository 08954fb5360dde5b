import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { duckdb } from "lading/destinations/duckdb";
import type { DestinationSubject } from "lading/testing";

/** DuckDB: a file of its own for each case. */
export const duckdbSubject: DestinationSubject = {
  name: "duckdb",
  missing: {
    "read-only account": "a file has no accounts; files that may not be written have tests of their own",
    line: "the engine runs in this process; a process that is gone has tests of its own",
    "replace: staging-optimized": "a table in a transaction is replaced from staging as fast",
  },
  async open() {
    const folder = await mkdtemp(join(tmpdir(), "lading-duckdb-"));
    const file = join(folder, "suite.duckdb");
    return {
      destination: duckdb(file),
      async execute(statement) {
        const instance = await DuckDBInstance.fromCache(file);
        const connection = await instance.connect();
        try {
          await connection.run(statement);
        } finally {
          connection.closeSync();
          instance.closeSync();
        }
      },
      cleanup: () => rm(folder, { recursive: true, force: true }),
    };
  },
};
