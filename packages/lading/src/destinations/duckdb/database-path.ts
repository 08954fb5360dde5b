import { isAbsolute, join } from "node:path";
import { type Credentials, readCredentials } from "../../config/credentials.ts";
import type { ConnectOptions } from "../../destination/destination.ts";
import { LadingError } from "../../errors/index.ts";

const section = ["destination", "duckdb"];

/**
 * The file of a database: what is given in code, else `destination.duckdb.credentials`, else `<pipeline>.duckdb`. A path, or
 * a connection string as dlt takes it: `duckdb:///path`. Throws `CONFIG_INVALID`.
 */
export function databasePath(
  given: string | undefined,
  where: Pick<ConnectOptions, "pipeline" | "folder" | "workingFolder" | "config">,
): string {
  const credentials = readCredentials(where.config, { sections: section, given, takesPath: true });
  checkKind(credentials);
  const file = `${where.pipeline}.duckdb`;
  const path = credentials.database ?? file;
  if (path === ":pipeline:") return join(where.workingFolder, file);
  return isAbsolute(path) ? path : join(where.folder, path);
}

/** A server, another database or a file that is gone at the end: dlt takes some of these for a file's name, or for none. */
function checkKind({ drivername = "duckdb", host, database, query }: Credentials): void {
  const refuse = (what: string, hint: string): never => {
    throw new LadingError("CONFIG_INVALID", `The credentials of the DuckDB destination ${what}.`, { hint });
  };
  if (drivername !== "duckdb") {
    refuse("are those of another database", "Put those into the section of their own: destination.<name>.credentials.");
  }
  if (host !== undefined) refuse("name a server", "A path begins after the third slash: duckdb:///shop.duckdb");
  if (database === ":memory:" || database?.startsWith("md:") === true) {
    refuse("name no file", "Name one: duckdb:///shop.duckdb");
  }
  if (Object.keys(query).length > 0) {
    refuse("have params, which this destination does not take", "Leave out what follows the question mark.");
  }
}
