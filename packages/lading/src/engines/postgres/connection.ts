import { homedir, userInfo } from "node:os";
import type { ClientConfig } from "pg";
import type { Config } from "../../config/config.ts";
import type { Credentials } from "../../config/credentials.ts";
import { readSetting } from "../../config/read-setting.ts";
import { LadingError } from "../../errors/index.ts";
import { type ConnectionParams, connectionParams } from "./connection-params.ts";
import { passwordFromFile } from "./password-file.ts";
import { type TlsAttempt, tlsAttempts } from "./tls.ts";

/** Where a database is, by dlt's names (spec destinations A.3). What is left out comes from settings, `PG*` and `.pgpass`. */
export interface PostgresCredentials {
  /** A name, an address, or the folder of a socket. Several have commas between them. Default: `PGHOST`, else `localhost`. */
  readonly host?: string;
  /** Default: `PGPORT`, else 5432. */
  readonly port?: number;
  /** Default: `PGDATABASE`, else the name of the user. */
  readonly database?: string;
  /** Default: `PGUSER`, else the name that the system has for the user. */
  readonly username?: string;
  /** Default: `PGPASSWORD`, else what `.pgpass` says. */
  readonly password?: string;
  /** Parameters as a connection string has them: `sslmode`, `sslrootcert`, `connect_timeout`, `options`, … */
  readonly query?: Readonly<Record<string, string>>;
}

/** One server, and one way to talk to it. */
export interface Attempt extends TlsAttempt {
  readonly config: ClientConfig;
}

/** What the driver is given, and what people are told. */
export interface ResolvedConnection {
  /** Servers in the order in which they are tried, each with the ways to talk to it. */
  readonly servers: readonly (readonly Attempt[])[];
  /** Only a server that takes rows will do: with several, one of them may be a copy. */
  readonly mustWrite: boolean;
  /** `postgresql://host:port/database`: without user and password. */
  readonly location: string;
}

/** What libpq looks at beside the connection string. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Where the credentials are settings. */
export interface CredentialsPlace {
  readonly config: Config;
  readonly sections: readonly string[];
  /** Default: `credentials`. */
  readonly key?: string;
}

/**
 * Where to connect to: what the credentials say, and for what they leave out what libpq takes: `PG*` and `.pgpass`.
 *
 * @throws LadingError CONFIG_INVALID
 */
export function resolveConnection(
  credentials: Credentials,
  { config, sections, key = "credentials" }: CredentialsPlace,
  { env, home }: Surroundings = { env: process.env, home: homedir() },
): ResolvedConnection {
  checkKind(credentials);
  const params = connectionParams({ ...credentials.query, ...ownSettings({ config, sections, key }) }, env);
  const username = params.user ?? credentials.username ?? env["PGUSER"] ?? userInfo().username;
  const database = params.dbname ?? decoded(credentials.database) ?? env["PGDATABASE"] ?? username;
  const servers = serversOf(credentials, params, env);
  const own = params.password ?? credentials.password ?? env["PGPASSWORD"];

  function attempts({ host, port }: Place): readonly Attempt[] {
    const asked = own ?? passwordFromFile({ host, port, database, username }, params.passfile, { env, home });
    const password = asked?.trim();
    if (password !== undefined && password !== "") config.keep?.(`${key}.password`, password, sections);
    return tlsAttempts(params, host, home).map((attempt) => ({
      ...attempt,
      config: {
        host,
        port,
        database,
        user: username,
        // A function, so that without one the driver does not look for it by itself.
        password: () => password ?? "",
        connectionTimeoutMillis: params.connectTimeout * 1000,
        keepAlive: true,
        keepAliveInitialDelayMillis: 30_000,
        application_name: params.applicationName,
        ssl: attempt.ssl,
        ...(params.options !== undefined && { options: params.options }),
      },
    }));
  }

  const places = servers.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`).join(",");
  return {
    servers: servers.map(attempts),
    mustWrite: params.mustWrite ?? servers.length > 1,
    location: `postgresql://${places}/${database}`,
  };
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** Parts that dlt has beside those of every connection string. */
function ownSettings({ config, sections, key }: Required<CredentialsPlace>): Readonly<Record<string, unknown>> {
  const timeout = readSetting(config, `${key}.connect_timeout`, "int", sections);
  const encoding = readSetting(config, `${key}.client_encoding`, "text", sections);
  return {
    ...(timeout !== undefined && { connect_timeout: String(timeout) }),
    ...(encoding !== undefined && { client_encoding: encoding }),
  };
}

function serversOf({ servers, port }: Credentials, params: ConnectionParams, env: Surroundings["env"]): Place[] {
  const fallback = port ?? numberOf("PGPORT", env["PGPORT"]) ?? 5432;
  const named = params.host?.split(",") ?? (servers.length === 0 ? (env["PGHOST"] ?? "localhost").split(",") : []);
  const ports = params.port?.split(",").map((one) => numberOf("port", one) ?? fallback) ?? [];
  if (ports.length > 1 && ports.length !== Math.max(named.length, servers.length)) {
    throw invalid("name as many ports as hosts, or one for all");
  }
  const places = named.length > 0 ? named.map((host) => ({ host, port: undefined })) : servers;
  return places.map((place, i) => ({
    host: hostOf(place.host),
    port: ports[i] ?? ports[0] ?? place.port ?? fallback,
  }));
}

/** The folder of a socket has its slashes encoded in a connection string. */
function hostOf(host: string): string {
  const name = /^%2f/i.test(host) ? decoded(host)! : host.trim();
  return name === "" ? "localhost" : name;
}

/** dlt hands a database's name to libpq as it stands in the connection string, and libpq decodes it. */
function decoded(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function checkKind({ drivername = "postgresql" }: Credentials): void {
  if (/^postgres(?:ql)?(?:\+\w+)?$/.test(drivername)) return;
  throw new LadingError("CONFIG_INVALID", "The credentials of PostgreSQL are those of another database.", {
    hint: "Put those into the section of their own: destination.<name>.credentials.",
  });
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw invalid(`have a ${name} that is not a whole number from 0 to 65535`);
}

function invalid(what: string): LadingError {
  return new LadingError("CONFIG_INVALID", `The credentials of PostgreSQL ${what}.`);
}
