import { LadingError } from "../errors/index.ts";
import type { Config, FoundSetting } from "./config.ts";
import { type ConnectionParts, parseConnectionString, type Server } from "./connection-string.ts";
import { convert, settingDescriptions } from "./convert.ts";
import { isSecretName } from "./secret-name.ts";

/** Credentials of a database as dlt names their parts (spec dlt-core 10.5). What was found nowhere is not there. */
export interface Credentials extends Partial<Omit<ConnectionParts, "servers" | "query">> {
  /** `host` and `port`, apart where there are several. */
  readonly servers: readonly Server[];
  readonly query: Readonly<Record<string, unknown>>;
}

/** Credentials as a table of their parts. */
export type CredentialsTable = Partial<Omit<Credentials, "servers">>;

/** What {@link readCredentials} looks for. */
export interface CredentialsOptions {
  /** From general to special: `["destination", "postgres"]`. */
  readonly sections: readonly string[];
  /** Given in code: a connection string or some of the parts; goes over what is found. */
  readonly given?: string | CredentialsTable | undefined;
  /** The setting's name; its parts stand below it. Default: `credentials`. */
  readonly key?: string;
  /** `true`: a text without `://` is a path, and so the `database`. Default: `false`. */
  readonly takesPath?: boolean;
}

/**
 * Credentials as dlt puts them together:
 *
 * 1. a connection string, given in code or found as `credentials` in the most special place, which may be partial;
 * 2. what it lacks is looked for part by part, as `credentials.password` and so on, in each place from the most special on.
 *
 * A table given in code goes over both. The password, and params whose names say so, are known as secrets then.
 *
 * Throws `CONFIG_INVALID`, never with the value; `CONFIG_SECRET_IN_PLAIN_FILE` for a password in `config.toml`.
 */
export function readCredentials(config: Config, options: CredentialsOptions): Credentials {
  const { sections, given, key = "credentials", takesPath = false } = options;
  const place: Place = { config, sections, key };
  if (typeof given === "string") {
    const parts = partsOf(given, "given in code", takesPath);
    return complete(place, parts);
  }
  const found = foundAt(place);
  const text = typeof found?.value === "string" ? found.value : undefined;
  const table = text === undefined ? undefined : tableOf(text);
  const parts = text === undefined || table !== undefined ? undefined : partsOf(text, found!.place, takesPath);
  if (found !== undefined && !found.holdsSecrets && parts !== undefined && secretsOf(parts).length > 0) {
    throw secretInPlainFile(key, found);
  }
  const inCode = given === undefined ? {} : checkTable(given, "credentials given in code");
  const inText = table === undefined ? {} : checkTable(table, found!.place);
  return complete(place, { ...parts, ...inText, ...inCode });
}

/** Where the setting is looked for. */
interface Place {
  readonly config: Config;
  readonly sections: readonly string[];
  readonly key: string;
}

function complete(place: Place, known: CredentialsTable): Credentials {
  const all: Record<string, unknown> = { ...known };
  for (const [name, type] of Object.entries(partTypes)) {
    if (all[name] === undefined) all[name] = part(place, name as PartName, type);
  }
  const { servers: own, ...rest } = all as Partial<Credentials>;
  const credentials: Credentials = withoutUndefined({
    ...rest,
    ...(rest.password === undefined ? {} : { password: rest.password.trim() }),
    query: rest.query ?? {},
    servers: serversOf(rest, own),
  });
  for (const [name, value] of secretsOf(credentials))
    place.config.keep?.(`${place.key}.${name}`, value, place.sections);
  return credentials;
}

const partTypes = {
  drivername: "text",
  database: "text",
  username: "text",
  password: "text",
  host: "text",
  port: "int",
  query: "object",
} as const;

type PartName = keyof typeof partTypes;

function part(place: Place, name: PartName, type: (typeof partTypes)[PartName]): unknown {
  const found = foundAt({ ...place, key: `${place.key}.${name}` });
  if (found === undefined) return undefined;
  if (name === "password" && !found.holdsSecrets) throw secretInPlainFile(`${place.key}.password`, found);
  return converted(name, type, found.value, found.place);
}

function checkTable(table: Readonly<Record<string, unknown>>, place: string): CredentialsTable {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => {
        if (!Object.hasOwn(partTypes, name)) {
          throw new LadingError("CONFIG_INVALID", `Credentials have no "${name}" (${place}).`, {
            hint: `Their parts are ${Object.keys(partTypes).join(", ")}; all else belongs into the query.`,
            details: { place },
          });
        }
        return [name, converted(name, partTypes[name as PartName], value, place)];
      }),
  );
}

function converted(name: string, type: (typeof partTypes)[PartName], value: unknown, place: string): unknown {
  const result = convert(value, type);
  const isPort = name !== "port" || (Number(result) >= 0 && Number(result) <= 65_535);
  if (result !== undefined && isPort) return result;
  const wanted = name === "port" ? "a whole number from 0 to 65535" : settingDescriptions[type];
  throw new LadingError("CONFIG_INVALID", `The setting "credentials.${name}" (${place}) is not ${wanted}.`, {
    details: { key: `credentials.${name}`, place, wanted: type },
  });
}

function partsOf(text: string, place: string, takesPath: boolean): CredentialsTable & { servers?: readonly Server[] } {
  if (takesPath && !text.includes("://") && text.trim() !== "") return { database: text };
  const { parts, problem } = parseConnectionString(text);
  if (parts !== undefined) {
    const { database, ...rest } = parts;
    return database === undefined || database === "" ? rest : parts;
  }
  const what = text.trim() === "" ? "it is empty" : problem;
  throw new LadingError("CONFIG_INVALID", `The credentials (${place}) are no connection string: ${what}.`, {
    hint: "It is not shown, as it may be a secret.",
    details: { key: "credentials", place },
  });
}

/** Variables hold texts only, so a table is JSON there. */
function tableOf(text: string): Readonly<Record<string, unknown>> | undefined {
  return text.trimStart().startsWith("{") ? convert(text, "object") : undefined;
}

/** A connection string's own servers stand only as long as host and port are its own too. */
function serversOf({ host, port }: CredentialsTable, own: readonly Server[] | undefined): readonly Server[] {
  if (own !== undefined && own.length > 0 && own.map((server) => server.host).join(",") === host) {
    return own.map((server) => ({ ...(port === undefined ? {} : { port }), ...server }));
  }
  if (host === undefined) return [];
  return host.split(",").map((one) => ({ host: one, ...(port === undefined ? {} : { port }) }));
}

function secretsOf({ password, query = {} }: CredentialsTable): readonly (readonly [string, string])[] {
  const params = Object.entries(query).filter(([name]) => isSecretName(name));
  return [
    ...(password === undefined || password === "" ? [] : [["password", password] as const]),
    ...params.flatMap(([name, value]) => [value].flat().map((one) => [`query.${name}`, String(one)] as const)),
  ];
}

function foundAt({ config, sections, key }: Place): FoundSetting | undefined {
  if (config.find !== undefined) return config.find(key, sections);
  const value = config.get(key, sections);
  return value === undefined ? undefined : { value, place: [...sections, key].join("."), holdsSecrets: true };
}

function secretInPlainFile(key: string, { place }: FoundSetting): LadingError {
  return new LadingError("CONFIG_SECRET_IN_PLAIN_FILE", `There is a password in ${place}.`, {
    details: { key, place },
  });
}

function withoutUndefined<Table extends object>(table: Table): Table {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined)) as Table;
}
