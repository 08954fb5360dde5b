import type { Config } from "../../config/config.ts";
import { type Credentials, readCredentials } from "../../config/credentials.ts";
import { isSecret, type Secret } from "../../config/secret.ts";
import { type PostgresCredentials, resolveConnection } from "../../engines/postgres/connection.ts";
import { LadingError } from "../../errors/index.ts";
import type { Database } from "./database.ts";
import { duckdbDatabase } from "./duckdb/database.ts";
import { postgresDatabase } from "./postgres/database.ts";

/** Where a database is, by dlt's names. */
export interface ConnectionCredentials extends Omit<PostgresCredentials, "password"> {
  /** `postgresql` (the default) or `duckdb`; what stands behind a `+` is the driver of another language. */
  readonly drivername?: string;
  readonly password?: string | Secret;
}

/** Where a resource finds what it needs to connect. */
export interface ConnectWhere {
  readonly config: Config;
  /** The table, whose settings win over those of the source. */
  readonly table: string;
}

/** Settings with the credentials; the second stands whatever the source's name is. */
const keys = ["credentials", "sql_database.credentials"];
const parts = ["drivername", "host", "database", "username", "password"];

/**
 * The database that credentials mean: those given in code, else those of the settings, put together as those of a
 * destination are. What is left out of a server's comes from `PG*` and `.pgpass`.
 *
 * @throws LadingError CONFIG_MISSING, CONFIG_INVALID
 */
export function connect(given: string | Secret | ConnectionCredentials | undefined, where: ConnectWhere): Database {
  const { config, table } = where;
  const sections = [table];
  const key = given === undefined ? keyOfSettings(config, sections) : keys[0]!;
  const credentials = readCredentials(config, { sections, key, given: plain(given, config, sections) });
  const kind = kindOf(credentials);
  if (kind === "duckdb") return duckdbDatabase(credentials.database ?? "");
  return postgresDatabase(resolveConnection(credentials, { config, sections, key }));
}

function keyOfSettings(config: Config, sections: readonly string[]): string {
  const key = keys.find((one) =>
    [one, ...parts.map((part) => `${one}.${part}`)].some((setting) => config.get(setting, sections) !== undefined),
  );
  // Says every place that was tried.
  if (key === undefined) config.secret(keys[0]!, sections);
  return key ?? keys[0]!;
}

function plain(
  given: string | Secret | ConnectionCredentials | undefined,
  config: Config,
  sections: readonly string[],
): string | PostgresCredentials | undefined {
  if (isSecret(given)) return config.secret(given, sections);
  if (given === undefined || typeof given === "string") return given;
  const { password, ...rest } = given;
  if (password === undefined) return rest;
  return { ...rest, password: isSecret(password) ? config.secret(password, sections) : password };
}

function kindOf({ drivername = "postgresql" }: Credentials): "postgres" | "duckdb" {
  const kind = /^([a-z][a-z0-9]*)(?:\+\w+)?$/i.exec(drivername)?.[1]?.toLowerCase();
  if (kind === "duckdb") return "duckdb";
  if (kind?.startsWith("postgres") === true) return "postgres";
  throw new LadingError("CONFIG_INVALID", `There is no way to read from a database of the kind "${drivername}".`, {
    hint: "A connection string begins with postgresql:// or duckdb:///.",
  });
}
