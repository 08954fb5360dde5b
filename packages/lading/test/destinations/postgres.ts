import { randomBytes } from "node:crypto";
import { postgres } from "lading/destinations/postgres";
import { postgresLine, type DestinationPlace, type DestinationSubject } from "lading/testing";
import { Client } from "pg";

/** A server, and a database and an account on it for the suite alone. */
export interface PostgresSubject extends DestinationSubject {
  /** Drops what was made. */
  close(): Promise<void>;
}

/**
 * PostgreSQL: a database of its own on a server, emptied after each case.
 *
 * @param server gives its address, as a user who may make databases and roles; asked once, before the first case
 */
export function postgresSubject(name: string, server: () => Promise<string>): PostgresSubject {
  const database = `lading_suite_${randomBytes(6).toString("hex")}`;
  const reader = `${database}_reader`;
  let url: Promise<string> | undefined;

  async function prepare(): Promise<string> {
    const owner = await server();
    await statements(owner, `CREATE DATABASE ${database}`);
    // Version 13 has no role that reads everything.
    await statements(
      within(owner, database),
      `CREATE ROLE ${reader} LOGIN PASSWORD 'reader'`,
      `ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO ${reader}`,
      `ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO ${reader}`,
    );
    return owner;
  }

  return {
    name,
    async open() {
      const own = within(await (url ??= prepare()), database);
      return placeIn(own, Object.assign(new URL(own), { username: reader, password: "reader" }).href);
    },
    async close() {
      if (url === undefined) return;
      await statements(await url, `DROP DATABASE ${database} WITH (FORCE)`, `DROP ROLE ${reader}`);
    },
  };
}

function placeIn(own: string, readOnly: string): DestinationPlace {
  const { hostname, port } = new URL(own);
  return {
    destination: postgres(own),
    readOnly: postgres(readOnly),
    execute: (statement) => statements(own, statement),
    async line(fault) {
      const line = await postgresLine({ host: hostname, port: Number(port || 5432) }, fault);
      const through = Object.assign(new URL(own), { hostname: line.host, port: String(line.port) });
      return Object.assign(line, { destination: postgres(through.href) });
    },
    cleanup: () => withClient(own, dropSchemas),
  };
}

function within(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href;
}

/** Drops all that pipelines have made. */
async function dropSchemas(client: Client): Promise<void> {
  const { rows } = await client.query<{ readonly name: string }>(
    "SELECT quote_ident(nspname) AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')",
  );
  for (const { name } of rows) await client.query(`DROP SCHEMA ${name} CASCADE`);
}

function statements(url: string, ...texts: readonly string[]): Promise<void> {
  return withClient(url, async (client) => {
    for (const text of texts) await client.query(text);
  });
}

async function withClient(url: string, action: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await action(client);
  } finally {
    await client.end();
  }
}
