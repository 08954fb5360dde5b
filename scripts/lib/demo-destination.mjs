import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "./failure.mjs";
import { installPostgres } from "./install-postgres.mjs";
import { startPostgres } from "./postgres-server.mjs";
import { root } from "./project.mjs";

const major = 18;
const database = "stickyio.duckdb";
const cluster = "stickyio.postgres";

/**
 * What `npm start` loads into, by its `--destination`: `duckdb`, `postgres` (a server that is started for it), or the
 * connection string of a server. Nothing is opened before `open`.
 * @param {string} choice
 * @returns {DemoDestination}
 *
 * @typedef {object} DemoDestination
 * @property {string} program the example that loads there
 * @property {string} shown the choice, without a password
 * @property {(options: { folder: string, signal: AbortSignal, say: (line: string) => void }) => Promise<OpenDemo>} open
 *   `folder`: where database and data are kept
 *
 * @typedef {object} OpenDemo
 * @property {Readonly<Record<string, string>>} settings for the program, as environment variables
 * @property {() => boolean} mayHaveData whether something may have been loaded
 * @property {readonly (readonly [what: string, about: string])[]} places where to look afterwards
 * @property {() => Promise<void>} close
 */
export function demoDestination(choice) {
  if (choice === "duckdb") return duckdb;
  if (choice === "postgres") return embeddedPostgres;
  if (/^postgres(?:ql)?:\/\/./.test(choice)) return givenPostgres(choice);
  throw new Failure(
    `--destination ${choice}: the example loads into duckdb, into postgres, or into postgres://user:password@host/database.`,
  );
}

const duckdb = {
  program: "pipeline.ts",
  shown: "duckdb",
  open: async ({ folder }) => ({
    settings: {},
    mayHaveData: () => existsSync(join(folder, database)),
    places: [[database, "opens in any DuckDB client"]],
    close: async () => {},
  }),
};

const embeddedPostgres = {
  program: "postgres.ts",
  shown: "postgres",
  async open({ folder, signal, say }) {
    const native = await installPostgres(root, { major, signal, say });
    const server = await startPostgres({ major, native, keep: join(folder, cluster), signal });
    if (!server.isKept) say(`Others than root cannot enter ${folder}: what is loaded is not kept.`);
    const about = "the server's data; it is stopped again";
    return {
      ...withServer(server.url),
      places: server.isKept ? [[cluster, about]] : [],
      close: () => server.stop(),
    };
  },
};

const givenPostgres = (url) => ({
  program: "postgres.ts",
  shown: "postgres://…",
  open: async () => ({ ...withServer(url), places: [], close: async () => {} }),
});

const withServer = (url) => ({
  settings: { DESTINATION__POSTGRES__CREDENTIALS: url },
  mayHaveData: () => true,
});
