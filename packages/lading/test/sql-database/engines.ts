import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { postgresDatabase, withClient, type PostgresDatabase } from "../postgres/server.ts";

/** A database to read from, of one kind. Everything is in its schema `shop`. */
export interface Engine {
  /** The connection string. */
  url(): string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Begins anew, and runs statements. */
  prepare(...statements: readonly string[]): Promise<void>;
  /** Runs statements in what is there. */
  run(...statements: readonly string[]): Promise<void>;
}

const anew = ["DROP SCHEMA IF EXISTS shop CASCADE", "CREATE SCHEMA shop"];

function postgresEngine(): Engine {
  let server: PostgresDatabase;
  const run = (...statements: readonly string[]): Promise<void> =>
    withClient(server.url, async (client) => {
      await client.query("SET search_path = shop");
      for (const statement of statements) await client.query(statement);
    });
  return {
    url: () => server.url,
    async start() {
      server = await postgresDatabase();
    },
    stop: () => server.stop(),
    prepare: (...statements) => run(...anew, ...statements),
    run,
  };
}

function duckdbEngine(): Engine {
  let folder: string;
  let number = 0;
  const path = (): string => join(folder, `source${number}.duckdb`);
  const run = async (...statements: readonly string[]): Promise<void> => {
    const instance = await DuckDBInstance.create(path());
    const connection = await instance.connect();
    try {
      await connection.run("CREATE SCHEMA IF NOT EXISTS shop");
      await connection.run("USE shop");
      for (const statement of statements) await connection.run(statement);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };
  return {
    url: () => `duckdb:///${path()}`,
    async start() {
      folder = await mkdtemp(join(tmpdir(), "lading-sql-"));
    },
    stop: () => rm(folder, { recursive: true, force: true }),
    prepare: (...statements) => {
      number++;
      return run(...statements);
    },
    run,
  };
}

/** Each test of a file runs on both. */
export const engines = [
  ["PostgreSQL", postgresEngine()],
  ["DuckDB", duckdbEngine()],
] as const;
