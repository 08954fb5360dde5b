import { homedir } from "node:os";
import { createConfig } from "../../config/create-config.ts";
import { loadProviders } from "../../config/load-providers.ts";
import { readSetting } from "../../config/read-setting.ts";
import type { Config } from "../../config/config.ts";
import { connect } from "./connect.ts";
import type { ReadOptions } from "./options.ts";

/** Options of {@link listTables}. */
export interface ListTablesOptions extends Pick<ReadOptions, "credentials" | "schema"> {
  /** Views too. Default: `false`. */
  readonly includeViews?: boolean;
  /** The source whose settings count. Default: `sql_database`. */
  readonly source?: string;
  /** Default: those of the project, as a run finds them. */
  readonly config?: Config;
}

/**
 * The names of all tables of a schema, for those who want to read them all:
 *
 * ```ts
 * const tables = await listTables({ schema: "public" });
 * const shop = sqlDatabase({ schema: "public", tables: tables.filter((name) => !name.startsWith("tmp_")) });
 * ```
 *
 * @throws LadingError SOURCE_*, CONFIG_*
 */
export async function listTables(options: ListTablesOptions = {}): Promise<readonly string[]> {
  const { credentials, includeViews = false, source = "sql_database" } = options;
  const config = (options.config ?? (await projectConfig())).within("sources", source);
  const database = connect(credentials, { config, table: "" });
  const snapshot = await database.open();
  try {
    const found = await database.tables(snapshot, options.schema ?? readSetting(config, "schema", "text"));
    return found.filter(({ isView }) => includeViews || !isView).map(({ name }) => name);
  } finally {
    await snapshot.close();
  }
}

async function projectConfig(): Promise<Config> {
  const { env } = process;
  const home = (env["HOME"] ?? env["USERPROFILE"]) || homedir();
  return createConfig({ providers: await loadProviders({ cwd: process.cwd(), env, home }) });
}
