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

/** Starts a server of one's own; `fsync` is off, as nobody pulls its plug. */
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
