import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Client } from "pg";

/** A server of one's own, see `scripts/lib/postgres-server.mjs`. */
export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Puts files into the server's folder, such as `pg_hba.conf`, and starts it anew. */
  configure(files: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

export interface PostgresServerOptions {
  readonly major?: 15 | 18;
  readonly settings?: Readonly<Record<string, string>>;
}

const script = join(import.meta.dirname, "../../../../scripts/lib/postgres-server.mjs");

/** Databases of one's own on a server. */
export interface PostgresDatabases {
  /** Makes an empty one. @returns its URL */
  another(): Promise<string>;
  /** Ends what was made for them. */
  stop(): Promise<void>;
}

/** A database of one's own on a server. */
export interface PostgresDatabase {
  readonly url: string;
  /** Ends what was made for it. */
  stop(): Promise<void>;
}

/**
 * An empty database: on the server that `LADING_TEST_PG_URL` names (as a user who may make databases), else on one that is
 * started for it.
 */
export async function postgresDatabase(options: PostgresServerOptions = {}): Promise<PostgresDatabase> {
  if (givenServer() === undefined) return postgresServer(options);
  const { another, stop } = await postgresDatabases();
  return { url: await another(), stop };
}

/** As {@link postgresDatabase}, as many as are asked for. */
export async function postgresDatabases(): Promise<PostgresDatabases> {
  const given = givenServer();
  const server = given === undefined ? await postgresServer() : undefined;
  const url = given ?? server!.url;
  const made: string[] = [];
  return {
    async another() {
      const name = `lading_test_${randomBytes(6).toString("hex")}`;
      await withClient(url, (client) => client.query(`CREATE DATABASE ${name}`));
      made.push(name);
      return Object.assign(new URL(url), { pathname: `/${name}` }).href;
    },
    async stop() {
      if (server !== undefined) return server.stop();
      await withClient(url, async (client) => {
        for (const name of made) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
      });
    },
  };
}

function givenServer(): string | undefined {
  const given = process.env["LADING_TEST_PG_URL"];
  return given === "" ? undefined : given;
}

/**
 * Starts a server of one's own, for those who kill it, set it up or know its users: `LADING_TEST_PG_URL` does not count here.
 * `fsync` is off, as nobody pulls its plug.
 */
export async function postgresServer({ major = 18, settings }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const { startPostgres } = (await import(pathToFileURL(script).href)) as {
    startPostgres(options: PostgresServerOptions): Promise<PostgresServer>;
  };
  return startPostgres({ major, settings: { fsync: "off", ...settings } });
}

/** Does something as the server's superuser. */
export async function withClient<T>(url: string, action: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

/** Drops all that pipelines have made. */
export async function dropSchemas(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ readonly name: string }>(
      "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')",
    );
    for (const { name } of rows) await client.query(`DROP SCHEMA ${name} CASCADE`);
  });
}
