import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { askDuckdb, runDocument } from "../contenders.mjs";
import { askPeer, peer, pythonWithDlt } from "../python.mjs";

/**
 * What is loaded, and by whom. `prepare` gives the command of a contender, from the addresses of the API and of the
 * Postgres server and a folder that is its own.
 */
export const works = {
  "rest-to-postgres": { title: "REST to Postgres", rows: 100_000, runs: 5, contenders: restContenders },
  "tiny-to-postgres": {
    title: "REST to Postgres",
    rows: 10,
    runs: 11,
    contenders: (python) => [...restContenders(python), insertAlone],
  },
  "postgres-to-postgres": {
    title: "Postgres to Postgres",
    rows: 1_000_000,
    runs: 3,
    readsTable: true,
    contenders: (python) => [ladingTable(), ...dltTables(python, ({ server }) => server)],
  },
  "postgres-to-duckdb": {
    title: "Postgres to DuckDB",
    rows: 1_000_000,
    runs: 3,
    readsTable: true,
    contenders: (python) => [ladingTable("bench.duckdb"), ...dltTables(python, fileIn)],
  },
};

/** The Python that can take part, where there is one. */
export function pythonForPostgres() {
  const python = pythonWithDlt(["pyarrow", "psycopg2", "sqlalchemy"]);
  if (python === undefined) return undefined;
  const has = (modules) => spawnSync(python.executable, ["-c", `import ${modules}`]).status === 0;
  return { ...python, hasConnectorx: has("connectorx"), hasAdbc: has("adbc_driver_postgresql.dbapi") };
}

const fileIn = ({ folder }) => join(folder, "bench.duckdb");
const ladingEnv = ({ folder, server }) => ({
  LADING_HOME: join(folder, "lading-home"),
  DESTINATION__POSTGRES__CREDENTIALS: server,
});

function restContenders(python) {
  const lading = {
    name: "lading",
    prepare: ({ api, folder, server }) => ({
      command: runDocument({ url: api, folder, destination: { type: "postgres" } }),
      env: ladingEnv({ folder, server }),
    }),
  };
  const dlt = (mode) => ({
    name: `${python.version} ${mode}`,
    prepare: ({ api, folder, server }) => ({
      command: [python.executable, peer, "load", api, server, mode, "append"],
      env: dltEnv(folder),
    }),
  });
  return [lading, ...(python === undefined ? [] : [dlt("default"), dlt("csv")])];
}

/** The same without a pipeline: nothing is kept, known or checked. */
const insertAlone = {
  name: "pg alone",
  prepare: ({ api, server }) => ({
    command: [process.execPath, join(import.meta.dirname, "insert-rows.mjs"), api, server],
  }),
};

/** @param {string} [file] of DuckDB, in the folder; without one the rows go into the server that they come from */
function ladingTable(file) {
  const script = join(import.meta.dirname, "lading-table.mjs");
  return {
    name: "lading",
    prepare: ({ folder, server }) => ({
      command: [process.execPath, script, server, ...(file === undefined ? [] : [join(folder, file)])],
      env: ladingEnv({ folder, server }),
    }),
    ...(file !== undefined && { ask: ({ folder }, sql) => askDuckdb(join(folder, file), sql) }),
  };
}

/** dlt with the backend that everybody has, and with the one that is its fastest. */
function dltTables(python, target) {
  if (python === undefined) return [];
  const isFile = target === fileIn;
  const format = isFile ? "parquet" : "csv";
  const fastest = isFile || python.hasAdbc ? "parquet" : "csv";
  const modes = [["pyarrow", format], ...(python.hasConnectorx ? [["connectorx", fastest]] : [])];
  return modes.map(([backend, fileFormat]) => ({
    name: `${python.version} ${backend} ${fileFormat}`,
    prepare: (where) => ({
      command: [python.executable, peer, "copy", where.server, target(where), backend, fileFormat],
      env: dltEnv(where.folder),
    }),
    ...(isFile && { ask: (where, sql) => askPeer(python.executable, ["ask", fileIn(where), sql]) }),
  }));
}

function dltEnv(folder) {
  const home = join(folder, "home");
  mkdirSync(home, { recursive: true });
  return { DLT_DATA_DIR: home, DLT_PROJECT_DIR: folder };
}
