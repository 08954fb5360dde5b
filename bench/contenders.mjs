import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askPeer, peer, pythonWithDlt } from "./python.mjs";

const here = import.meta.dirname;

/**
 * Those who load: for each its name, the command that loads `url` into the DuckDB file `database` by a disposition, and how
 * to count what it loaded. Each reads its own file: their DuckDBs may be of different versions.
 * @param {{ peers: boolean, modes: readonly string[] }} options `modes`: those of dlt
 */
export function contenders({ peers, modes }) {
  const python = peers ? pythonWithDlt(["pyarrow"]) : undefined;
  return [lading, ...(python === undefined ? [] : modes.map((mode) => dlt(python, mode)))];
}

/** The command that loads the API of `url`, by a document that it writes into a folder. */
export function runDocument({ url, folder, destination, hints }) {
  const file = join(folder, "pipeline.json");
  // The keys are dlt's own: the document is what dlt's rest_api source takes.
  const client = { base_url: url, paginator: { type: "json_link", next_url_path: "next_page_url" } };
  const resources = [{ name: "orders", endpoint: { path: "v2/orders", data_selector: "data" }, ...hints }];
  const source = { name: "bench", client, resources };
  writeFileSync(file, JSON.stringify({ name: "bench", destination, dataset: "bench_data", source }));
  const bin = join(here, "..", "packages", "lading", "bin", "lading.js");
  return [process.execPath, bin, "run", file, "--quiet"];
}

const lading = {
  name: "lading",
  prepare({ url, folder, database, disposition }) {
    const hints = disposition === "merge" ? { write_disposition: "merge", primary_key: "id" } : {};
    return {
      command: runDocument({ url, folder, destination: { type: "duckdb", path: database }, hints }),
      env: { LADING_HOME: join(folder, "lading-home") },
    };
  },
  async countRows(database, tables) {
    const counts = {};
    for (const table of tables) {
      const [count] = await askDuckdb(database, `select count(*) from bench_data."${table}"`);
      counts[table] = Number(count);
    }
    return counts;
  },
};

/** The first row of a query of a file that Lading made, as texts. */
export async function askDuckdb(database, sql) {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY" });
  try {
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(sql);
    connection.closeSync();
    return reader.getRows()[0].map(String);
  } finally {
    instance.closeSync();
  }
}

/** The least that a process which loads into DuckDB can take: Node, and the driver. It loads nothing. */
export const driverAlone = {
  name: "driver alone",
  prepare: () => ({ command: [process.execPath, "-e", 'import("@duckdb/node-api")'], cwd: here }),
};

const dlt = ({ executable, version }, mode) => ({
  name: `${version} ${mode}`,
  prepare({ url, folder, database, disposition }) {
    mkdirSync(join(folder, "home"), { recursive: true });
    return {
      command: [executable, peer, "load", url, database, mode, disposition],
      env: { DLT_DATA_DIR: join(folder, "home"), DLT_PROJECT_DIR: folder },
    };
  },
  async countRows(database, tables) {
    return askPeer(executable, ["count", database, ...tables]);
  },
});
