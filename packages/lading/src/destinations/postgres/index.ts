import type { ConnectOptions, Destination, DestinationClient } from "../../destination/destination.ts";
import { sqlClient } from "../../destination/sql/load/index.ts";
import { LadingError } from "../../errors/index.ts";
import { namesOf } from "./catalog.ts";
import {
  resolveConnection,
  type PostgresCredentials,
  type ResolvedConnection,
} from "../../engines/postgres/connection.ts";
import { openConnection, type Connection } from "../../engines/postgres/driver.ts";
import { postgresEngine } from "./engine.ts";
import { postgresError } from "../../engines/postgres/errors.ts";
import { postgresReader } from "./reader.ts";

export type { PostgresCredentials };

/** Options of {@link postgres}. */
export interface PostgresOptions {
  /**
   * A connection string, or its parts. Default: the setting `destination.postgres.credentials`, then the variables
   * `PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER`, `PGPASSWORD` and `.pgpass`.
   */
  readonly credentials?: string | PostgresCredentials;
  /** Seconds that one statement may take. Default: what the server allows. */
  readonly statementTimeout?: number;
  /** Seconds to wait where somebody else holds a lock. Default: what the server allows. */
  readonly lockTimeout?: number;
}

/**
 * A PostgreSQL database, version 13 or later. Wants the packages `pg` and `pg-copy-streams`.
 *
 * ```ts
 * pipeline({ name: "shop", source: shop, destination: postgres("postgresql://loader@localhost/warehouse") });
 * ```
 */
export function postgres(options: string | PostgresOptions = {}): Destination {
  const given: PostgresOptions = typeof options === "string" ? { credentials: options } : options;
  const resolve = (where: Pick<ConnectOptions, "config">): ResolvedConnection =>
    resolveConnection(
      given.credentials,
      { config: where.config, sections: ["destination", "postgres"] },
      {
        statementTimeout: given.statementTimeout,
        lockTimeout: given.lockTimeout,
      },
    );
  return {
    type: "destination",
    name: "postgres",
    dltType: "dlt.destinations.postgres",
    capabilities: {
      maxIdentifierLength: 63,
      mergeStrategies: ["delete-insert", "upsert", "scd2", "insert-only", "cdc"],
      replaceStrategies: ["truncate-and-insert", "insert-from-staging"],
    },
    describe: (where) => resolve(where).location,
    async connect(where): Promise<DestinationClient> {
      const { config, location } = resolve(where);
      refuseReserved(where.dataset);
      const open = async (): Promise<Connection> => {
        try {
          return await openConnection(config, location);
        } catch (error) {
          throw postgresError(error, location);
        }
      };
      const connection = await open();
      const names = namesOf(where.dataset);
      return sqlClient({
        engine: postgresEngine({ connection, names, pipeline: where.pipeline, reconnect: open }),
        reader: () => postgresReader(connection, names),
        close: () => connection.close(),
      });
    },
  };
}

/** Schemas of PostgreSQL's own, in which nobody may make tables. */
function refuseReserved(dataset: string): void {
  if (!/^(?:pg_|information_schema$)/.test(dataset)) return;
  throw new LadingError("INVALID_ARGUMENT", `A dataset in PostgreSQL cannot be called "${dataset}".`, {
    hint: "Such names are those of schemas of PostgreSQL's own; choose another one.",
  });
}
