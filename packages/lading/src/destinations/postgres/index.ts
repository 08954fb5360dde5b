import type { ConnectOptions, Destination, DestinationClient } from "../../destination/destination.ts";
import { sqlClient } from "../../destination/sql/load/index.ts";
import { LadingError } from "../../errors/index.ts";
import { readSetting } from "../../config/read-setting.ts";
import { namesOf } from "./catalog.ts";
import { readCredentials } from "../../config/credentials.ts";
import {
  resolveConnection,
  type PostgresCredentials,
  type ResolvedConnection,
} from "../../engines/postgres/connection.ts";
import type { Connection } from "../../engines/postgres/driver.ts";
import { openConnection } from "../../engines/postgres/open-connection.ts";
import { postgresDialect } from "./dialect.ts";
import { postgresEngine } from "./engine.ts";
import { postgresReader } from "./reader.ts";
import { beginTransaction } from "./begin-transaction.ts";

export type { PostgresCredentials };

const section = ["destination", "postgres"] as const;

/** Options of {@link postgres}. */
export interface PostgresOptions {
  /**
   * A connection string, or its parts. Default: the setting `destination.postgres.credentials`, then the variables
   * `PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER`, `PGPASSWORD` and `.pgpass`.
   */
  readonly credentials?: string | PostgresCredentials;
  /** Seconds that one statement may take. Default: `destination.postgres.statement_timeout`, else what the server allows. */
  readonly statementTimeout?: number;
  /** Seconds to wait where somebody holds a lock. Default: `destination.postgres.lock_timeout`, else what the server allows. */
  readonly lockTimeout?: number;
  /** Unique indexes for columns that are declared unique, all `_dlt_id` among them. Default: `destination.postgres.create_indexes`, else `true`, as in dlt. */
  readonly createIndexes?: boolean;
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
  const resolve = ({ config }: Pick<ConnectOptions, "config">): ResolvedConnection =>
    resolveConnection(readCredentials(config, { sections: section, given: given.credentials }), {
      config,
      sections: section,
    });
  return {
    type: "destination",
    name: "postgres",
    dltType: "dlt.destinations.postgres",
    capabilities: {
      maxIdentifierLength: 63,
      identifierUnit: "bytes",
      reservedColumns: ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"],
      mergeStrategies: ["delete-insert", "upsert", "scd2", "insert-only", "cdc"],
      // dlt swaps tables by the last one, which loses grants and views; in one transaction nothing is gained by that.
      replaceStrategies: ["truncate-and-insert", "insert-from-staging", "staging-optimized"],
      weiPrecision: [156, 78],
      // The server takes a file while the next one fills: with large ones it would have nothing to do at first, and too much in the end.
      partBytes: 2 * 1024 * 1024,
    },
    describe: (where) => resolve(where).location,
    async connect(where): Promise<DestinationClient> {
      const resolved = resolve(where);
      const setting = (key: string): number | undefined => readSetting(where.config, key, "int", section);
      const statement = given.statementTimeout ?? setting("statement_timeout");
      const lock = given.lockTimeout ?? setting("lock_timeout");
      const indexes = given.createIndexes ?? readSetting(where.config, "create_indexes", "bool", section) ?? true;
      refuseReserved(where.dataset);
      const open = (): Promise<Connection> => openConnection(resolved);
      const connection = await open();
      const names = namesOf(where.dataset);
      const begin = beginTransaction({ statement, lock });
      return sqlClient({
        engine: postgresEngine({
          connection,
          names,
          pipeline: where.pipeline,
          begin,
          dialect: indexes ? postgresDialect : { ...postgresDialect, finish: () => [] },
          reconnect: open,
        }),
        reader: () => postgresReader(connection, names, { begin, open }),
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
