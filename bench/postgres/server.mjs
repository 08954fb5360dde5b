import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { startPostgres } from "../../scripts/lib/postgres-server.mjs";
import { cpuOfServer } from "./cpu-of-server.mjs";

/** The table that is read where Postgres is the source: the flat rows of `rows.mjs`, made by the server itself. */
const source = (rows) => `
  CREATE SCHEMA shop;
  CREATE TABLE shop.orders (
    id bigint PRIMARY KEY, order_number text NOT NULL, status text NOT NULL, email text, phone text, currency text,
    total double precision, tax double precision, quantity bigint, is_test boolean,
    created_at timestamptz, updated_at timestamptz, campaign_id bigint, notes text
  );
  SELECT setseed(0.42);
  INSERT INTO shop.orders
  SELECT i, 'ORD-' || lpad(i::text, 9, '0'), ('{approved,declined,pending,refunded,shipped}'::text[])[1 + i % 5],
    'customer' || i % 9973 || '@example.com', '+1303555' || 1000 + i % 9000, 'USD',
    round((random() * 1000)::numeric, 2), round((random() * 10)::numeric, 2), 1 + i % 7, i % 11 = 0,
    to_timestamp(1700000000 + i * 37), to_timestamp(1700000000 + i * 37), i % 31,
    CASE WHEN i % 3 = 0 THEN 'gift wrap please' END
  FROM generate_series(0, ${rows} - 1) AS i;
`;

/**
 * A server of one's own with the settings that PostgreSQL has by itself: `fsync` and `synchronous_commit` are on.
 * @param {{ signal: AbortSignal }} options
 */
export async function startBenchServer({ signal }) {
  const server = await startPostgres({ signal });
  const client = new pg.Client(server.url);
  try {
    await client.connect();
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid, current_setting('server_version') AS version");
    const [{ pid, version }] = rows;
    return {
      url: server.url,
      version,
      async makeSource(count) {
        await client.query(source(count));
        // Else the server does it by itself, while somebody is measured.
        await client.query("VACUUM (ANALYZE, FREEZE) shop.orders");
      },
      /** Makes the next one begin as the one before did: its tables are gone, what was written is on the disk. */
      async clean(dataset) {
        const { rows: schemas } = await client.query(
          "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)",
          [dataset],
        );
        for (const { nspname } of schemas) await client.query(`DROP SCHEMA "${nspname}" CASCADE`);
        await client.query("CHECKPOINT");
      },
      ask: async (sql) => (await client.query({ text: sql, rowMode: "array" })).rows[0].map(String),
      /** What the server has computed, once nobody else is connected: who goes counts only when he is gone. */
      async cpuSeconds() {
        const others = `SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> ${pid}`;
        while ((await client.query(others)).rows[0].count !== "0") await setTimeout(5);
        return cpuOfServer(pid);
      },
      async stop() {
        await client.end();
        await server.stop();
      },
    };
  } catch (error) {
    await client.end().catch(() => {});
    await server.stop();
    throw error;
  }
}
