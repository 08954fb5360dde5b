import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCredentials } from "../../config/credentials.ts";
import { createConfig } from "../../config/create-config.ts";
import { documentProvider } from "../../config/document-provider.ts";
import { type PostgresCredentials, resolveConnection } from "./connection.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lading-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Given {
  readonly credentials?: string | PostgresCredentials;
  readonly settings?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

function resolved({ credentials, settings, env = {} }: Given) {
  const providers =
    settings === undefined
      ? []
      : [
          documentProvider({
            name: "secrets.toml",
            document: { destination: { postgres: { credentials: settings } } },
            holdsSecrets: true,
          }),
        ];
  const config = createConfig({ providers });
  const sections = ["destination", "postgres"];
  const whole = readCredentials(config, { sections, given: credentials });
  return { ...resolveConnection(whole, { config, sections }, { env, home }), secrets: [...config.secrets.values()] };
}

/** What the driver is given for each server. */
function servers(given: Given) {
  return resolved(given).servers.map(([attempt]) => {
    const { host, port, user, database, password, options, connectionTimeoutMillis } = attempt!.config;
    return {
      at: `${host}:${port}`,
      user,
      database,
      password: (password as () => string)(),
      options,
      seconds: connectionTimeoutMillis! / 1000,
    };
  });
}

describe("where a server is", () => {
  test("a connection string says all of it, percent-encoded", () => {
    const credentials =
      "postgresql://lo%40der:p%40ss%2F@db.example:6543/my%20shop?options=-cgeqo%3Doff&connect_timeout=3";
    expect(servers({ credentials })).toEqual([
      {
        at: "db.example:6543",
        user: "lo@der",
        database: "my shop",
        password: "p@ss/",
        options: "-cgeqo=off",
        seconds: 3,
      },
    ]);
  });

  test("dlt's table of parts is taken from the settings, and code goes over it", () => {
    const settings = {
      host: "db.example",
      port: 6543,
      database: "shop",
      username: "loader",
      password: " secret ",
      connect_timeout: 7,
      client_encoding: "utf8",
      query: { sslmode: "require", options: "-cgeqo=off" },
    };
    const parts = { at: "db.example:6543", user: "loader", database: "shop", password: "secret", seconds: 7 };
    expect(servers({ settings })).toEqual([{ ...parts, options: "-cgeqo=off" }]);
    expect(servers({ settings, credentials: { database: "other" } })).toMatchObject([{ ...parts, database: "other" }]);
  });

  test("what nobody says is as with libpq: PG* and this machine", () => {
    const env = { PGHOST: "h", PGPORT: "1", PGDATABASE: "d", PGUSER: "u", PGPASSWORD: "p", PGOPTIONS: "o" };
    expect(servers({ env })).toEqual([
      { at: "h:1", user: "u", database: "d", password: "p", options: "o", seconds: 15 },
    ]);
    expect(servers({ env: { PGUSER: "u" } })).toMatchObject([{ at: "localhost:5432", user: "u", database: "u" }]);
    expect(servers({ env, credentials: "postgres://x@y:2/z" })).toMatchObject([
      { at: "y:2", user: "x", database: "z", password: "p" },
    ]);
  });

  test("several servers are tried in order, for one that takes rows", () => {
    const credentials = "postgresql://u@a:1,b:2/d";
    expect(servers({ credentials }).map(({ at }) => at)).toEqual(["a:1", "b:2"]);
    expect(resolved({ credentials })).toMatchObject({ mustWrite: true, location: "postgresql://a:1,b:2/d" });
    expect(resolved({ credentials: `${credentials}?target_session_attrs=any` }).mustWrite).toBe(false);
    expect(servers({ env: { PGHOST: "a,b", PGPORT: "3" } }).map(({ at }) => at)).toEqual(["a:3", "b:3"]);
  });

  test.each(["postgresql:///d?host=/run/pg", "postgresql://%2Frun%2Fpg/d"])(
    "a socket of this machine is a folder, and has no TLS: %s",
    (credentials) => {
      const { servers: found } = resolved({ credentials });
      expect(found.map((ways) => ways.map(({ config }) => [config.host, config.ssl]))).toEqual([[["/run/pg", false]]]);
    },
  );
});

describe("a password", () => {
  const wanted = { host: "db.example", port: 5432, database: "shop", username: "loader" };
  function withFile(text: string, mode = 0o600): void {
    writeFileSync(join(home, ".pgpass"), text);
    chmodSync(join(home, ".pgpass"), mode);
  }

  test("is found in .pgpass by the first line that fits", () => {
    withFile("# all\nother:*:*:*:no\ndb.example:5432:shop:loader:a\\:b\\\\c\n*:*:*:*:any\n");
    expect(servers({ credentials: wanted })).toMatchObject([{ password: "a:b\\c" }]);
    expect(servers({ credentials: { ...wanted, port: 1 } })).toMatchObject([{ password: "any" }]);
    expect(servers({ credentials: { ...wanted, password: "own" } })).toMatchObject([{ password: "own" }]);
  });

  test("is not there where no line fits", () => {
    withFile("other:*:*:*:no\nshort:line\n");
    expect(servers({ credentials: wanted })).toMatchObject([{ password: "" }]);
  });

  test.skipIf(process.platform === "win32")("is not taken from a file that others can read", () => {
    withFile("*:*:*:*:any\n", 0o644);
    expect(() => servers({ credentials: wanted })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });

  test("is a known secret wherever it comes from, and in no place that people are told", () => {
    withFile("*:*:*:*:from-a-file\n");
    for (const given of [
      { credentials: { ...wanted, password: "from-code" } },
      { credentials: "postgresql://u:from-text@h/d" },
      { credentials: wanted },
      { credentials: wanted, env: { PGPASSWORD: "from-environment" } },
    ]) {
      const { secrets, location } = resolved(given);
      expect(secrets).toEqual([expect.stringMatching(/^from-/)]);
      expect(location).not.toContain("from-");
    }
  });
});

describe("credentials that make no sense", () => {
  test.each([
    "mysql://u:secret@h/d",
    "postgresql://u:secret@h:99999/d",
    "postgresql://u:secret@h/d?ssl=true",
    "postgresql://u:secret@h/d?sslmode=strict",
    "postgresql://u:secret@h/d?connect_timeout=soon",
    "postgresql://u:secret@h/d?target_session_attrs=standby",
    "postgresql://u:secret@h/d?port=1,2",
    "host=h password=secret",
  ])("are CONFIG_INVALID, without the password: %s", (credentials) => {
    expect(() => resolved({ credentials })).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.not.stringContaining("secret") as string,
      }),
    );
  });
});
