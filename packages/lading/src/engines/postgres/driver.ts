import { createRequire } from "node:module";
import type { Writable } from "node:stream";
import type { Client, ClientConfig, QueryResult } from "pg";
import { LadingError } from "../../errors/index.ts";

/** A connection to a server. */
export interface Connection {
  readonly client: Client;
  /** For people: without secrets. */
  readonly location: string;
  run(sql: string): Promise<void>;
  /** Rows with text for all that JavaScript has no exact value for; of several statements, the rows of all. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Where the bytes of a COPY go. */
  copyFrom(sql: string): Writable;
  close(): Promise<void>;
}

/** Opens a connection. Errors are the driver's. */
export async function connectTo(config: ClientConfig, location: string): Promise<Connection> {
  const { pg, copyStreams } = postgresDriver();
  const client = new pg.Client({ ...config, types: { getTypeParser: parserOf } });
  // A connection that is lost between two statements must not end the process; the next statement says it.
  client.on("error", () => {});
  await client.connect();
  return {
    client,
    location,
    run: async (sql) => void (await client.query(sql)),
    async rows(sql) {
      const result: Result | Result[] = await client.query<Record<string, unknown>>(sql);
      return Array.isArray(result) ? result.flatMap((one) => one.rows) : result.rows;
    },
    copyFrom: (sql) => client.query(copyStreams.from(sql)),
    close: () => client.end(),
  };
}

type Result = QueryResult<Record<string, unknown>>;

const booleanType = 16;

/** Only what is exact: booleans. Everything else stays the text that the server sent. */
function parserOf(type: number): (text: string) => unknown {
  return type === booleanType ? (text) => text === "t" : (text) => text;
}

interface Driver {
  readonly pg: typeof import("pg");
  readonly copyStreams: typeof import("pg-copy-streams");
}

/** The drivers, loaded when they are first needed. */
function postgresDriver(): Driver {
  const load = createRequire(import.meta.url);
  try {
    return { pg: load("pg") as Driver["pg"], copyStreams: load("pg-copy-streams") as Driver["copyStreams"] };
  } catch (cause) {
    throw new LadingError(
      "DESTINATION_MISSING_DRIVER",
      "The PostgreSQL drivers pg and pg-copy-streams cannot be loaded.",
      {
        cause,
        hint: "npm install pg pg-copy-streams",
      },
    );
  }
}
