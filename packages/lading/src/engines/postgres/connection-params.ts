import { LadingError } from "../../errors/index.ts";

/** What the parameters of a connection string say, by libpq's names. */
export interface ConnectionParams {
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly dbname: string | undefined;
  readonly passfile: string | undefined;
  /** Seconds; 0: as long as it takes. */
  readonly connectTimeout: number;
  readonly applicationName: string;
  /** Settings of the session, sent at its beginning: some poolers refuse them. */
  readonly options: string | undefined;
  /** Whether only a server that takes rows will do; `undefined`: nothing is said. */
  readonly mustWrite: boolean | undefined;
  readonly sslmode: string | undefined;
  readonly sslrootcert: string | undefined;
  readonly sslcert: string | undefined;
  readonly sslkey: string | undefined;
  readonly sslpassword: string | undefined;
}

/** Parameters of libpq, with the variable that stands for each where it is not given. */
const known: Readonly<Record<string, string | undefined>> = {
  host: undefined,
  port: undefined,
  user: undefined,
  password: undefined,
  dbname: undefined,
  passfile: undefined,
  connect_timeout: "PGCONNECT_TIMEOUT",
  application_name: "PGAPPNAME",
  options: "PGOPTIONS",
  target_session_attrs: "PGTARGETSESSIONATTRS",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  sslpassword: undefined,
};

/** Parameters that change nothing here: the session is UTF-8, connections are kept alive, there is no GSSAPI. */
const without = new Set([
  "client_encoding",
  "fallback_application_name",
  "gssencmode",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "sslcompression",
  "tcp_user_timeout",
]);

/** dlt's default, in seconds. */
const defaultTimeout = 15;

/**
 * Reads the parameters of a connection string.
 *
 * @throws LadingError CONFIG_INVALID on one that this destination does not know, as it might be one that keeps others out
 */
export function connectionParams(
  query: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): ConnectionParams {
  for (const [name, value] of Object.entries(query)) {
    if (!Object.hasOwn(known, name) && !without.has(name)) {
      throw new LadingError("CONFIG_INVALID", `The PostgreSQL destination does not know the parameter "${name}".`, {
        hint: `It knows ${Object.keys(known).join(", ")}.`,
      });
    }
    if (Array.isArray(value)) throw refused(name, "is there twice");
    if (typeof value === "object" && value !== null) throw refused(name, "is no text");
  }
  const get = (name: string): string | undefined => {
    const value = query[name];
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    const variable = known[name];
    return (variable === undefined ? undefined : env[variable]) || undefined;
  };
  return {
    host: get("host"),
    port: get("port"),
    user: get("user"),
    password: get("password"),
    dbname: get("dbname"),
    passfile: get("passfile"),
    connectTimeout: seconds(get("connect_timeout")),
    applicationName: get("application_name") ?? "lading",
    options: get("options"),
    mustWrite: mustWrite(get("target_session_attrs")),
    sslmode: get("sslmode"),
    sslrootcert: get("sslrootcert"),
    sslcert: get("sslcert"),
    sslkey: get("sslkey"),
    sslpassword: get("sslpassword"),
  };
}

function seconds(text: string | undefined): number {
  if (text === undefined) return defaultTimeout;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number < 1_000_000) return number;
  throw refused("connect_timeout", "is not a whole number of seconds");
}

function mustWrite(text: string | undefined): boolean | undefined {
  switch (text) {
    case undefined:
      return undefined;
    case "any":
      return false;
    case "read-write":
    case "primary":
      return true;
    default:
      throw refused("target_session_attrs", "is to be any, read-write or primary: a load writes");
  }
}

function refused(name: string, what: string): LadingError {
  return new LadingError("CONFIG_INVALID", `The parameter "${name}" of the PostgreSQL credentials ${what}.`);
}
