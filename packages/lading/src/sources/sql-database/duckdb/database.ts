import type { Database } from "../database.ts";

export function duckdbDatabase(path: string): Database {
  throw new Error(path);
}
