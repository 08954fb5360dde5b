import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../scripts/lib/failure.mjs";

const here = import.meta.dirname;
const peer = join(here, "peer-dlt.py");

/**
 * Those who load: for each its name, the command that loads `url` into the DuckDB file `database` by a disposition, and how
 * to count what it loaded. Each reads its own file: their DuckDBs may be of different versions.
 * @param {{ peers: boolean, modes: readonly string[] }} options `modes`: those of dlt
 */
export function contenders({ peers, modes }) {
  const python = peers ? pythonWithDlt() : undefined;
  return [lading, ...(python === undefined ? [] : modes.map((mode) => dlt(python, mode)))];
}

const lading = {
  name: "lading",
  prepare({ url, folder, database, disposition }) {
    const file = join(folder, "pipeline.json");
    // The keys are dlt's own: the document is what dlt's rest_api source takes.
    const client = { base_url: url, paginator: { type: "json_link", next_url_path: "next_page_url" } };
    const hints = disposition === "merge" ? { write_disposition: "merge", primary_key: "id" } : {};
    const resources = [{ name: "orders", endpoint: { path: "v2/orders", data_selector: "data" }, ...hints }];
    const source = { name: "bench", client, resources };
    const pipeline = { name: "bench", destination: { type: "duckdb", path: database }, dataset: "bench_data", source };
    writeFileSync(file, JSON.stringify(pipeline));
    const bin = join(here, "..", "packages", "lading", "bin", "lading.js");
    return {
      command: [process.execPath, bin, "run", file, "--quiet"],
      env: { LADING_HOME: join(folder, "lading-home") },
    };
  },
  async countRows(database, tables) {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(database, { access_mode: "READ_ONLY" });
    try {
      const connection = await instance.connect();
      const counts = {};
      for (const table of tables) {
        const reader = await connection.runAndReadAll(`select count(*) from bench_data."${table}"`);
        counts[table] = Number(reader.getRows()[0][0]);
      }
      connection.closeSync();
      return counts;
    } finally {
      instance.closeSync();
    }
  },
};

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
    const { status, stdout, stderr } = spawnSync(executable, [peer, "count", database, ...tables], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Failure(`${executable} could not count rows:\n${stderr}`);
    return JSON.parse(stdout);
  },
});

/** The Python of LADING_BENCH_PYTHON, else the one in PATH, where it has dlt with what DuckDB and Parquet need. */
function pythonWithDlt() {
  const executable = process.env.LADING_BENCH_PYTHON ?? "python3";
  const probe = "import dlt, duckdb, pyarrow; print(f'dlt {dlt.__version__} (DuckDB {duckdb.__version__})')";
  const { status, stdout } = spawnSync(executable, ["-c", probe], { encoding: "utf8", timeout: 60_000 });
  return status === 0 ? { executable, version: stdout.trim() } : undefined;
}
