import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { importBuilt } from "./chaos-build.mjs";

/** Where a folder says which server its rows go to, where they do not go into a file in it. */
const place = (folder) => join(folder, "destination.json");

/** The rows of a folder's pipeline are to go to a database of its own on a server. */
export async function useServer(folder, server) {
  const { default: pg } = await import("pg");
  const name = `chaos ${basename(folder)}`;
  const client = new pg.Client(server.url);
  await client.connect();
  try {
    await client.query(`CREATE DATABASE "${name}"`);
  } finally {
    await client.end();
  }
  const url = new URL(server.url);
  url.pathname = `/${encodeURIComponent(name)}`;
  writeFileSync(place(folder), JSON.stringify({ url: `${url.href}?sslmode=disable` }));
}

/** @returns the destination of a folder's pipeline, and whether it may be there already */
export async function destinationOf(build, folder) {
  if (existsSync(place(folder))) {
    const { postgres } = await importBuilt(build, "lading/destinations/postgres/index.js");
    return { destination: postgres(JSON.parse(readFileSync(place(folder), "utf8")).url), mayBeThere: true };
  }
  const { duckdb } = await importBuilt(build, "lading/destinations/duckdb/index.js");
  const file = join(folder, "chaos.duckdb");
  return { destination: duckdb(file), mayBeThere: existsSync(file) };
}
