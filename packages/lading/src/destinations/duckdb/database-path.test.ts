import { expect, test } from "vitest";
import { createConfig } from "../../config/create-config.ts";
import { documentProvider } from "../../config/document-provider.ts";
import { databasePath } from "./database-path.ts";

function path(credentials: unknown, given?: string, key = "destination"): string {
  const document = key === "destination" ? { destination: { duckdb: { credentials } } } : { credentials };
  const config = createConfig({
    providers: [documentProvider({ name: "secrets.toml", document, holdsSecrets: true })],
  });
  return databasePath(given, { pipeline: "shop", folder: "/project", workingFolder: "/kept", config });
}

test.each([
  ["duckdb:///x.duckdb", "/project/x.duckdb"],
  ["duckdb:////abs/x.duckdb", "/abs/x.duckdb"],
  ["sub/x.duckdb", "/project/sub/x.duckdb"],
  ["/abs/x", "/abs/x"],
  [{ database: "x.duckdb" }, "/project/x.duckdb"],
  ["duckdb:///", "/project/shop.duckdb"],
  [{}, "/project/shop.duckdb"],
  [undefined, "/project/shop.duckdb"],
  [":pipeline:", "/kept/shop.duckdb"],
  ["duckdb:///:pipeline:", "/kept/shop.duckdb"],
  ["duckdb:///a%20b.duckdb", "/project/a%20b.duckdb"],
])("credentials %j are the file %s, as in dlt", (credentials, file) => {
  expect(path(credentials)).toBe(file);
});

test("what is given in code stands instead, in the same forms", () => {
  expect(path("x.duckdb", "duckdb:///y.duckdb")).toBe("/project/y.duckdb");
  expect(path("x.duckdb", "y.duckdb")).toBe("/project/y.duckdb");
});

test.each([
  ["postgresql://u:hunter22@h/db", "another database"],
  ["duckdb://x.duckdb", "name a server"],
  [":memory:", "name no file"],
  ["md:shop", "name no file"],
  ["duckdb:///x.duckdb?read_only=true", "params"],
])("what is no file of DuckDB's is an error: %s", (credentials, says) => {
  expect(() => path(credentials)).toThrow(says);
  expect(() => path(credentials, undefined, "general")).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});
