import type { Config } from "../../config/config.ts";
import { readSetting } from "../../config/read-setting.ts";
import { isSecret, type Secret } from "../../config/secret.ts";
import { postgresError } from "../../engines/postgres/errors.ts";
import {
  resolveConnection,
  type ConnectionSettings,
  type PostgresCredentials,
} from "../../engines/postgres/connection.ts";
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

/** Where settings of the source stand, whatever its name is. */
const fallback = "sql_database.credentials";
const parts = ["drivername", "host", "database", "username", "password"];

/**
 * The database that credentials mean: those given in code, else those of the settings.
 *
 * @throws LadingError CONFIG_MISSING, CONFIG_INVALID
 */
export function connect(given: string | Secret | ConnectionCredentials | undefined, where: ConnectWhere): Database {
  const { config, table } = where;
  const sections = [table];
  if (isSecret(given)) return byText(config.secret(given, sections), where);
  if (typeof given === "string") return byText(given, where);
  if (given !== undefined) {
    const { drivername, password, ...rest } = given;
    if (isDuckDb(drivername)) return duckdbDatabase(rest.database ?? "");
    const text = isSecret(password) ? config.secret(password, sections) : password;
    return postgres({ ...rest, ...(text !== undefined && { password: text }) }, where, "credentials");
  }
  const key = ["credentials", fallback].find(
    (one) =>
      config.get(one, sections) !== undefined ||
      parts.some((part) => config.get(`${one}.${part}`, sections) !== undefined),
  );
  const whole = key === undefined ? undefined : config.get(key, sections);
  // Says every place that was tried.
  if (key === undefined || typeof whole === "string")
    return byText(config.secret(key ?? "credentials", sections), where);
  if (isDuckDb(config.get(`${key}.drivername`, sections)))
    return duckdbDatabase(readSetting(config, `${key}.database`, "text", sections) ?? "");
  return postgres(undefined, where, key);
}

function byText(text: string, where: ConnectWhere): Database {
  const scheme = /^([a-z][a-z0-9]*)(?:\+\w+)?:\/\//i.exec(text.trim())?.[1]?.toLowerCase();
  if (scheme === "duckdb") return duckdbDatabase(text.trim().replace(/^duckdb(?:\+\w+)?:\/\/\/?/i, ""));
  if (scheme === undefined || scheme.startsWith("postgres")) return postgres(text, where, undefined);
  throw new LadingError("CONFIG_INVALID", `There is no way to read from a database of the kind "${scheme}".`, {
    hint: "A connection string begins with postgresql:// or duckdb:///.",
  });
}

/** @param key of the setting, where that is asked for what is not given */
function postgres(
  given: string | PostgresCredentials | undefined,
  { config, table }: ConnectWhere,
  key: string | undefined,
): Database {
  const session = { statementTimeout: undefined, lockTimeout: undefined };
  const settings: ConnectionSettings =
    key === undefined ? { config: nothing, sections: [] } : { config, sections: [table], key };
  const { config: client, location } = resolveConnection(given, settings, session);
  return postgresDatabase(client, location);
}

/** A connection string is whole: parts of another database in the settings must not get into it. */
const nothing: Pick<Config, "get" | "secret"> = {
  get: () => undefined,
  secret: (key) => {
    throw postgresError(new Error(`There is no ${String(key)}`), "");
  },
};

function isDuckDb(drivername: unknown): boolean {
  return typeof drivername === "string" && /^duckdb(?:\+|$)/i.test(drivername);
}
