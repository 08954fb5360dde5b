import type { ClientConfig } from "pg";
import type { Config } from "../../config/config.ts";
import { LadingError } from "../../errors/index.ts";
import { tlsOptions } from "./tls.ts";

/** Where a database is, by dlt's names (spec destinations A.3). What is left out comes from `PG*` and `.pgpass`. */
export interface PostgresCredentials {
  readonly host?: string;
  /** Default: 5432. */
  readonly port?: number;
  readonly database?: string;
  readonly username?: string;
  /** Default: `PGPASSWORD`, else what `.pgpass` says. */
  readonly password?: string;
  /** Seconds. Default: 15. */
  readonly connectTimeout?: number;
  /** Parameters as a connection string has them: `sslmode`, `sslrootcert`, `application_name`, `options`, … */
  readonly query?: Readonly<Record<string, string>>;
}

/** What the driver is given, and what people are told. */
export interface ResolvedConnection {
  readonly config: ClientConfig;
  /** `postgresql://host:port/database`: without user and password. */
  readonly location: string;
}

/** Where settings are looked for. */
export interface ConnectionSettings {
  readonly config: Pick<Config, "get" | "secret">;
  readonly sections: readonly string[];
  /** The name of the setting. Default: `credentials`. */
  readonly key?: string;
}

/** Settings of the session. */
export interface SessionOptions {
  /** Seconds that a statement may take. Default: the server's. */
  readonly statementTimeout: number | undefined;
  /** Seconds to wait for a lock. Default: the server's. */
  readonly lockTimeout: number | undefined;
}

/**
 * Where to connect to: what is given in code, else the setting: a connection string, or a table of its parts. Values given in code win over those of the setting, part by part.
 *
 * @throws LadingError CONFIG_INVALID
 */
export function resolveConnection(
  given: string | PostgresCredentials | undefined,
  where: ConnectionSettings,
  session: SessionOptions,
): ResolvedConnection {
  const configured = fromSetting(where);
  const own = typeof given === "string" ? parseConnectionString(given) : given;
  const credentials: PostgresCredentials = {
    ...configured,
    ...own,
    query: { ...configured.query, ...own?.query },
  };
  const { host, port, database, username, password, connectTimeout = 15, query = {} } = credentials;
  const { sslmode, sslrootcert, sslcert, sslkey, options, application_name: applicationName = "lading" } = query;
  const timeouts = [
    ...(session.statementTimeout === undefined ? [] : [`-c statement_timeout=${session.statementTimeout * 1000}`]),
    ...(session.lockTimeout === undefined ? [] : [`-c lock_timeout=${session.lockTimeout * 1000}`]),
  ];
  const startOptions = [options, "-c TimeZone=UTC", "-c DateStyle=ISO", "-c extra_float_digits=3", ...timeouts];
  const config: ClientConfig = {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
    ...(database !== undefined && { database }),
    ...(username !== undefined && { user: username }),
    ...(password !== undefined && { password: password.trim() }),
    connectionTimeoutMillis: connectTimeout * 1000,
    keepAlive: true,
    application_name: applicationName,
    options: startOptions.filter((one) => one !== undefined && one !== "").join(" "),
    ...tlsOptions({ sslmode, sslrootcert, sslcert, sslkey }, host),
  };
  return { config, location: locationOf(credentials) };
}

function locationOf({ host, port, database }: PostgresCredentials): string {
  const { PGHOST, PGPORT, PGDATABASE } = process.env;
  const name = database ?? PGDATABASE ?? "";
  return `postgresql://${host ?? PGHOST ?? "localhost"}:${port ?? PGPORT ?? 5432}/${name}`;
}

function fromSetting({ config, sections, key: whole = "credentials" }: ConnectionSettings): PostgresCredentials {
  const given = config.get(whole, sections);
  if (typeof given === "string" && given !== "") return parseConnectionString(config.secret(whole, sections));
  const part = (name: string): string | undefined => {
    const value = config.get(`${whole}.${name}`, sections);
    return typeof value === "string" || typeof value === "number" ? String(value) || undefined : undefined;
  };
  const host = part("host");
  const port = part("port");
  const database = part("database");
  const username = part("username");
  const timeout = part("connect_timeout");
  const query = config.get(`${whole}.query`, sections);
  const hasPassword = part("password") !== undefined;
  return {
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port: wholeNumber("port", port) }),
    ...(database !== undefined && { database }),
    ...(username !== undefined && { username }),
    ...(hasPassword && { password: config.secret(`${whole}.password`, sections) }),
    ...(timeout !== undefined && { connectTimeout: wholeNumber("connect_timeout", timeout) }),
    ...(typeof query === "object" &&
      query !== null && {
        query: Object.fromEntries(Object.entries(query).map(([key, value]) => [key, String(value)])),
      }),
  };
}

function wholeNumber(key: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new LadingError("CONFIG_INVALID", `credentials.${key} of PostgreSQL is no whole number: ${text}`);
}

/** `postgresql://user:password@host:port/database?sslmode=require`; parts are percent-encoded, all may be left out. */
function parseConnectionString(text: string): PostgresCredentials {
  const match =
    /^postgres(?:ql)?(?:\+\w+)?:\/\/(?:([^@/?]*)@)?(\[[^\]]+\]|[^:/?]*)(?::(\d+))?(?:\/([^?]*))?(?:\?(.*))?$/.exec(
      text.trim(),
    );
  if (match === null) {
    throw new LadingError("CONFIG_INVALID", "The connection string of PostgreSQL is not valid.", {
      hint: "It looks like postgresql://user:password@host:5432/database; special characters are percent-encoded.",
    });
  }
  const [, user = "", host = "", port, database = "", query = ""] = match;
  const colon = user.indexOf(":");
  const username = colon === -1 ? user : user.slice(0, colon);
  const password = colon === -1 ? "" : user.slice(colon + 1);
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const { connect_timeout: timeout, host: socket, ...rest } = parameters;
  const where = host === "" ? socket : decode(host.replace(/^\[|\]$/g, ""));
  return {
    ...(where !== undefined && where !== "" && { host: where }),
    ...(port !== undefined && { port: Number(port) }),
    ...(database !== "" && { database: decode(database) }),
    ...(username !== "" && { username: decode(username) }),
    ...(password !== "" && { password: decode(password) }),
    ...(timeout !== undefined && { connectTimeout: wholeNumber("connect_timeout", timeout) }),
    query: rest,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new LadingError("CONFIG_INVALID", "The connection string of PostgreSQL is not valid.", {
      hint: "A percent sign in it begins an encoded character: write %25 for the sign itself.",
    });
  }
}
