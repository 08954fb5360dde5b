import { describe, expect, test } from "vitest";
import { LadingError } from "../errors/index.ts";
import type { Config, ConfigProvider } from "./config.ts";
import { createConfig } from "./create-config.ts";
import { type Credentials, type CredentialsOptions, readCredentials } from "./credentials.ts";
import { documentProvider } from "./document-provider.ts";
import { environmentProvider } from "./environment-provider.ts";
import { parseToml } from "./parse-toml.ts";

const P = "DESTINATION__PG__CREDENTIALS";
const sections = ["destination", "pg"];

async function configOf(variables: Record<string, string>, toml = "", plain = ""): Promise<Config> {
  const file = async (text: string, holdsSecrets: boolean): Promise<ConfigProvider> =>
    documentProvider({
      name: holdsSecrets ? "secrets.toml" : "config.toml",
      holdsSecrets,
      document: await parseToml(text),
    });
  return createConfig({
    providers: [environmentProvider({ variables }), await file(toml, true), await file(plain, false)],
  });
}

async function read(
  variables: Record<string, string>,
  toml = "",
  given?: CredentialsOptions["given"],
): Promise<Omit<Credentials, "servers">> {
  const { servers: _, ...rest } = readCredentials(await configOf(variables, toml), { sections, given });
  return rest;
}

/** Each as the real dlt 1.31.0 resolved it. */
describe("credentials are put together as dlt does", () => {
  const whole = { drivername: "pg", username: "u", password: "p", host: "h", port: 1, database: "db", query: {} };
  const partial = { drivername: "pg", username: "u", host: "h", port: 1, database: "db", query: {} };

  test("from a connection string", async () => {
    expect(await read({ [P]: "pg://u:p@h:1/db?a=1" })).toEqual({ ...whole, query: { a: "1" } });
  });

  test("whose parts win over single ones", async () => {
    expect(await read({ [P]: "pg://u:p@h:1/db", [`${P}__PASSWORD`]: "x", [`${P}__HOST`]: "x" })).toEqual(whole);
  });

  test.each([
    [{ [P]: "pg://u@h:1/db", [`${P}__PASSWORD`]: "x" }],
    [{ [P]: "pg://u@h:1/db", CREDENTIALS__PASSWORD: "x", CREDENTIALS__HOST: "not this" }],
    [{ CREDENTIALS: "pg://u@h:1/db", [`${P}__PASSWORD`]: "x" }],
  ])("and what it lacks is looked for by itself: %j", async (variables) => {
    expect(await read(variables)).toEqual({ ...partial, password: "x" });
  });

  test("in other places too", async () => {
    const toml = '[destination.pg.credentials]\npassword = "x"\nhost = "not this"';
    expect(await read({ [P]: "pg://u@h:1/db" }, toml)).toEqual({ ...partial, password: "x" });
  });

  test("from a table, part by part from special to general", async () => {
    const toml =
      '[destination.pg.credentials]\ndrivername = "pg"\nport = 12\nhost = "h"\n[destination.credentials]\nhost = "g"\nusername = "g"';
    expect(await read({}, toml)).toEqual({ drivername: "pg", username: "g", host: "h", port: 12, query: {} });
  });

  test("a table hides a more general string of its own place, and none of an earlier one", async () => {
    const table = '[destination.pg.credentials]\nhost = "x"';
    expect(await read({}, `credentials = "pg://u:p@h/db"\n${table}`)).toEqual({ host: "x", query: {} });
    expect(await read({ CREDENTIALS: "pg://u:p@h/db" }, table)).toMatchObject({ host: "h", password: "p" });
  });

  test("a table given in code goes over a string that is found", async () => {
    const found = { [P]: "pg://u:p@h:1/db?x=1" };
    expect(await read(found, "", { username: "other" })).toEqual({ ...whole, username: "other", query: { x: "1" } });
  });

  test("a string given in code stands instead of one that is found, and lacks what it lacks", async () => {
    expect(await read({ [P]: "pg://no:no@no:2/no" }, "", "pg://u@h:1/db")).toEqual(partial);
    expect(await read({ [`${P}__PASSWORD`]: "x" }, "", "pg://u@h:1/db")).toEqual({ ...partial, password: "x" });
  });

  test("types are those of the parts, and blanks around a password are dropped", async () => {
    const toml = '[destination.pg.credentials]\nport = "12"\npassword = 1234';
    expect(await read({}, toml)).toEqual({ port: 12, password: "1234", query: {} });
    expect(await read({ [`${P}__QUERY`]: '{"a": 1}', [`${P}__PASSWORD`]: " p " })).toEqual({
      password: "p",
      query: { a: 1 },
    });
  });
});

test("in a variable a table may stand as JSON", async () => {
  expect(await read({ [P]: '{"drivername": "pg", "port": "12"}', [`${P}__HOST`]: "h" })).toEqual({
    drivername: "pg",
    port: 12,
    host: "h",
    query: {},
  });
});

test("each server has its port, unless host or port was given otherwise", async () => {
  const config = await configOf({ [P]: "pg://h1:1,h2:2/db" });
  expect(readCredentials(config, { sections }).servers).toEqual([
    { host: "h1", port: 1 },
    { host: "h2", port: 2 },
  ]);
  expect(readCredentials(config, { sections, given: { host: "h3", port: 3 } }).servers).toEqual([
    { host: "h3", port: 3 },
  ]);
});

test("the password and params that are secrets are known as such, and the rest is not", async () => {
  const config = await configOf({ [P]: "pg://u:hunter22@h:1/db?sslpassword=x&token=hunter33" });
  readCredentials(config, { sections });
  expect([...config.secrets]).toEqual([
    ["destination.pg.credentials.password", "hunter22"],
    ["destination.pg.credentials.query.token", "hunter33"],
  ]);
});

test("a path is one only where a destination takes it", async () => {
  const config = await configOf({ [P]: "sub/shop.duckdb" });
  expect(readCredentials(config, { sections, takesPath: true })).toMatchObject({ database: "sub/shop.duckdb" });
  expect(() => readCredentials(config, { sections })).toThrow("no connection string");
});

describe("what is wrong is said with its place and without its value:", () => {
  test.each([
    ["no connection string", { [P]: "hunter22" }, "", "CONFIG_INVALID", `${P} in environment`],
    ["an empty one", { [P]: "" }, "", "CONFIG_INVALID", `${P} in environment`],
    ["a port", { [`${P}__PORT`]: "hunter22" }, "", "CONFIG_INVALID", `${P}__PORT in environment`],
    ["a port too high", { [`${P}__PORT`]: "70000" }, "", "CONFIG_INVALID", "0 to 65535"],
    ["an unknown part", { [P]: '{"passwort": "hunter22"}' }, "", "CONFIG_INVALID", 'no "passwort"'],
    [
      "a password in config.toml",
      {},
      'credentials = "pg://u:hunter22@h"',
      "CONFIG_SECRET_IN_PLAIN_FILE",
      "config.toml",
    ],
    ["the same", {}, '[credentials]\npassword = "hunter22"', "CONFIG_SECRET_IN_PLAIN_FILE", "config.toml"],
  ])("%s", async (_, variables, plain, code, says) => {
    const config = await configOf(variables, "", plain);
    const error = thrown(() => readCredentials(config, { sections }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(says);
    expect(`${error.message} ${error.hint} ${JSON.stringify(error.details)}`).not.toContain("hunter22");
  });

  test("an address without a password may stand in config.toml", async () => {
    expect(readCredentials(await configOf({}, "", 'credentials = "pg://u@h"'), { sections })).toMatchObject({
      host: "h",
    });
  });
});

function thrown(action: () => unknown): LadingError {
  try {
    action();
  } catch (error) {
    if (LadingError.is(error)) return error;
  }
  throw new Error("expected an error of Lading");
}
