import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { testingHost } from "../../src/cli/testing-host.ts";
import type { Destination } from "../../src/destination/destination.ts";
import { duckdb } from "../../src/destinations/duckdb/index.ts";
import { postgres } from "../../src/destinations/postgres/index.ts";
import { catalog } from "../../src/errors/catalog.ts";
import { createConfig, pipeline, resource } from "../../src/index.ts";
import { ask } from "../postgres/load.ts";
import { postgresDatabase, postgresServer } from "../postgres/server.ts";

const page = (name: string): string => readFileSync(join(import.meta.dirname, "../../../../guides", name), "utf8");
const fences = (name: string, language: string): readonly string[] =>
  [...page(name).matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, text = ""]) => text);

const home = process.cwd();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lading-pages-"));
  writeFileSync(join(folder, "package.json"), "{}");
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

/** Types the commands of a page, as a shell would take them. */
async function type(
  commands: string,
): Promise<{ readonly text: string; readonly env: Readonly<Record<string, string>> }> {
  const env: Record<string, string> = {};
  let text = "";
  for (const command of commands.trimEnd().split("\n")) {
    const [, said, file] = /^echo '(.*)' > (\S+)$/.exec(command) ?? [];
    const [, name, value] = /^export (\w+)='(.*)'$/.exec(command) ?? [];
    if (said !== undefined) writeFileSync(join(folder, file!), `${said}\n`);
    else if (name !== undefined) env[name] = value!;
    else if (command.startsWith("npx lading ")) {
      const host = testingHost({ cwd: folder, now: Date.now, env });
      const code = await main(command.split(" ").slice(2), host);
      text += host.out() + host.err();
      expect([command, code, code === 0 ? "" : text]).toEqual([command, 0, ""]);
    } else if (!command.startsWith("npm install ")) throw new Error(`What is ${command}?`);
  }
  return { text, env };
}

/** Puts what a page says of settings where it says. */
function settings(toml: string): void {
  mkdirSync(join(folder, ".dlt"));
  writeFileSync(join(folder, ".dlt", "secrets.toml"), toml, { mode: 0o600 });
}

describe("the page of PostgreSQL", { timeout: 120_000 }, () => {
  // Knows the server's users, and gives it a certificate: needs one of its own.
  test("its roles, settings and commands lead from an empty server to loaded rows, with TLS", async () => {
    const server = await postgresServer();
    try {
      const certificates = join(import.meta.dirname, "../postgres/certificates");
      await server.configure({
        "server.crt": readFileSync(join(certificates, "local.crt"), "utf8"),
        "server.key": readFileSync(join(certificates, "local.key"), "utf8"),
        "pg_hba.conf": "hostssl all all 127.0.0.1/32 scram-sha-256\n",
        "postgresql.auto.conf": "ssl = on\n",
      });
      const owner = `${server.url}?sslmode=require&uselibpqcompat=true`;
      const [roles = ""] = fences("postgres.md", "sql");
      for (const statement of roles
        .replaceAll(/^--.*$/gm, "")
        .replace("…", "a password")
        .split(";")) {
        if (statement.trim() !== "") await ask(owner, statement);
      }

      const [toml = ""] = fences("postgres.md", "toml");
      settings(
        toml
          .replace("db.example", "localhost")
          .replace("5432", String(server.port))
          .replace("…", "a password")
          .replace("/etc/ssl/warehouse.crt", join(certificates, "root.crt")),
      );
      const [install = "", files = "", string = ""] = fences("postgres.md", "sh");
      expect(install).toBe("npm install lading pg pg-copy-streams\n");
      const { text } = await type(files);
      expect(text).toContain("1 row");
      const warehouse = owner.replace("/postgres?", "/warehouse?");
      expect(await ask(warehouse, "SELECT id, total FROM shop_data.orders")).toEqual([{ id: "3", total: 9.5 }]);

      const { env } = await type(string);
      const [variable, given] = Object.entries(env)[0]!;
      const url = given.replace("db.example:5432", `localhost:${server.port}`).replace("…", "a%20password");
      rmSync(join(folder, ".dlt"), { recursive: true });
      const host = testingHost({ cwd: folder, now: Date.now, env: { [variable]: url } });
      const again = files.split("\n").find((line) => line.startsWith("npx lading load"))!;
      expect(await main(again.split(" ").slice(2), host)).toBe(0);
      expect(await ask(warehouse, "SELECT count(*)::int AS n FROM shop_data.orders")).toEqual([{ n: 2 }]);
    } finally {
      await server.stop();
    }
  });

  test("its types are those of the columns", async () => {
    const server = await postgresDatabase();
    try {
      await loadTypes(postgres(server.url));
      const columns = await ask(
        server.url,
        `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
         WHERE attrelid = 'd.t'::regclass AND attnum > 0 AND attname !~ '^_dlt'`,
      );
      expect(Object.fromEntries(columns.map(({ name, type: is }) => [name, is]))).toEqual(typesOf("postgres.md"));
    } finally {
      await server.stop();
    }
  });
});

describe("the page of DuckDB", () => {
  test("its settings and commands lead to loaded rows in that file", async () => {
    const [toml = ""] = fences("duckdb.md", "toml");
    settings(toml);
    mkdirSync(join(folder, "data"));
    const [install = "", files = ""] = fences("duckdb.md", "sh");
    expect(install).toBe("npm install lading @duckdb/node-api\n");
    const { text } = await type(files);
    expect(text).toContain("warehouse.duckdb");
    const name = "files";
    const reader = pipeline({
      name,
      source: resource("orders", []),
      destination: duckdb(join(folder, "data", "warehouse.duckdb")),
      dataset: "shop_data",
      workingFolder: join(folder, "reader"),
    });
    expect(await reader.dataset().sql`select id, total from orders`.rows()).toEqual([{ id: 3, total: 9.5 }]);
  });

  test("its types are those of the columns", async () => {
    const shop = await loadTypes(duckdb(join(folder, "types.duckdb")));
    const columns = shop.dataset().sql<{ name: string; type: string }>`
      select column_name as name, data_type as type from duckdb_columns()
      where table_name = 't' and not starts_with(column_name, '_dlt')`;
    expect(Object.fromEntries((await columns.rows()).map(({ name, type: is }) => [name, is]))).toEqual(
      typesOf("duckdb.md"),
    );
  });
});

test.each(["postgres.md", "duckdb.md"])("every code in %s is one of the catalog", (name) => {
  const codes = [...page(name).matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(5);
  for (const code of codes) expect(Object.keys(catalog)).toContain(code);
});

/** The table of types of a page: ours, and what it becomes where nothing is declared. */
function typesOf(name: string): Readonly<Record<string, string>> {
  const [, table = ""] = /\| Lading +\|[^\n]*\n\|[-| ]+\n((?:\|.*\n)+)/.exec(page(name)) ?? [];
  return Object.fromEntries(
    [...table.matchAll(/^\| `(\w+)` +\| `([^`]+)`/gm)].map(([, ours = "", theirs = ""]) => [ours, theirs]),
  );
}

/** Loads a table with a column of each type, called after it. */
async function loadTypes(destination: Destination) {
  const types = [
    "text",
    "bigint",
    "double",
    "decimal",
    "wei",
    "bool",
    "timestamp",
    "date",
    "time",
    "json",
    "binary",
  ] as const;
  const columns = Object.fromEntries(types.map((one) => [one, { data_type: one }]));
  const source = resource({ name: "t", columns }, [{ bool: true }]);
  const shop = pipeline({ name: "p", source, destination, dataset: "d", workingFolder: join(folder, "work") });
  await shop.run({ config: createConfig({ providers: [], pipelineName: "p" }) });
  return shop;
}
