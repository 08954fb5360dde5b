/** One server of a connection string. */
export interface Server {
  readonly host: string;
  /** Where it is not given, the driver's own. */
  readonly port?: number;
}

/** The parts of a connection string, by dlt's names (spec dlt-core 10.5). What is not in it is not there. */
export interface ConnectionParts {
  readonly drivername: string;
  readonly username?: string;
  readonly password?: string;
  /** Several servers stand as they were written, with commas between; `servers` has them apart. */
  readonly host?: string;
  /** The port of all servers; not there where each has its own. */
  readonly port?: number;
  readonly servers: readonly Server[];
  readonly database?: string;
  /** A param that comes several times is a list. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
}

/** What a connection string is, or what is wrong with it: a sentence in which nothing of it stands, as it is a secret. */
export type ConnectionString =
  | { readonly parts: ConnectionParts; readonly problem?: never }
  | { readonly problem: string; readonly parts?: never };

const form =
  /^(?<drivername>[\w+]+):\/\/(?:(?<username>[^:/]*)(?::(?<password>[^@]*))?@)?(?<address>[^/?]*)(?:\/(?<database>[^?]*))?(?:\?(?<query>[^]*))?$/;

/**
 * Parses `driver://user:password@host:port/database?param=value` as SQLAlchemy does, which is what dlt reads connection
 * strings with: user and password are percent-encoded, host and database stand as they are, params are form-encoded and
 * left out where they are empty.
 *
 * Further than SQLAlchemy: several servers with a port each (`h1:1,h2:2`), and an error where an `@` in the password would
 * make a part of it the name of the host.
 */
export function parseConnectionString(text: string): ConnectionString {
  const found = form.exec(text)?.groups;
  if (found === undefined) return { problem: "it is not of the form driver://user:password@host:port/database" };
  const { drivername = "", username, password, address = "", database, query = "" } = found;
  if (address.includes("@")) return { problem: "it has an @ too many; within user and password write it as %40" };
  const servers = parseServers(address);
  if (servers === undefined) return { problem: "a port in it is not a number from 0 to 65535" };
  const hosts = servers.map(({ host }) => host).join(",");
  const port = commonPort(servers);
  return {
    parts: {
      drivername,
      ...(username === undefined ? {} : { username: unquote(username) }),
      ...(password === undefined ? {} : { password: unquote(password) }),
      ...(hosts === "" ? {} : { host: hosts }),
      ...(port === undefined ? {} : { port }),
      servers: servers.filter(({ host }) => host !== ""),
      ...(database === undefined ? {} : { database }),
      query: parseQuery(query),
    },
  };
}

/** `undefined`: a port is none. */
function parseServers(address: string): readonly Server[] | undefined {
  const servers = address.split(",").map((one): Server | undefined => {
    const {
      bracketed,
      plain = "",
      port,
    } = /^(?:\[(?<bracketed>[^\]]+)\]|(?<plain>[^:]*))(?::(?<port>\d+))?$/.exec(one)?.groups ?? { port: "none" };
    if (port !== undefined && !(Number(port) <= 65_535)) return undefined;
    return { host: bracketed ?? plain, ...(port === undefined ? {} : { port: Number(port) }) };
  });
  const known = servers.filter((server) => server !== undefined);
  if (known.length < servers.length) return undefined;
  // As in libpq's other form and in dlt, one port behind the last host is that of all.
  const [last, ...others] = known.toReversed();
  if (last?.port === undefined || others.some(({ port }) => port !== undefined)) return known;
  const { port } = last;
  return known.map(({ host }) => ({ host, port }));
}

function commonPort(servers: readonly Server[]): number | undefined {
  const [first] = servers;
  return servers.every(({ port }) => port === first?.port) ? first?.port : undefined;
}

function parseQuery(query: string): Readonly<Record<string, string | readonly string[]>> {
  const params = new Map<string, string | readonly string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (value === "") continue;
    const before = params.get(name);
    params.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(params);
}

/** Percent-encoding as Python takes it off: what is no encoding stays, what is no UTF-8 is replaced. */
function unquote(text: string): string {
  return text.replaceAll(/(?:%[\da-f]{2})+/gi, (run) =>
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(run.replaceAll("%", ""), "hex")),
  );
}
