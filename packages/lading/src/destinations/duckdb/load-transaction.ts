import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { LoadRequest, LoadTransaction, TableChange, TableCount } from "../../destination/destination.ts";
import { addColumns, createTable, storedColumns } from "../../destination/sql/ddl.ts";
import { deleteInsert } from "../../destination/sql/merge.ts";
import {
  insertLoad,
  insertState,
  insertVersion,
  selectNewestSchema,
  selectNewestState,
} from "../../destination/sql/system-rows.ts";
import { LadingError } from "../../errors/index.ts";
import type { Part } from "../../load-package/manifest.ts";
import {
  hasSeenData,
  isSystemTable,
  rootTable,
  tableChain,
  type ColumnSchema,
  type TableSchema,
} from "../../schema/schema.ts";
import { decodeState, stateFromText, storedHash } from "../../state/pipeline-state.ts";
import { randomId } from "../../util/row-id.ts";
import { queryRows, readCatalog, type Names } from "./catalog.ts";
import { duckdbDialect, insertPart } from "./dialect.ts";
import { duckdbError } from "./errors.ts";

const { quote } = duckdbDialect;

/**
 * Begins the one transaction of a load: tables, rows, and dlt's own rows become visible together or not at all.
 * DuckDB does DDL in transactions, so nothing is left of a load that fails.
 */
export async function beginLoad(
  connection: DuckDBConnection,
  names: Names,
  path: string,
  { package: sealed, schema }: LoadRequest,
): Promise<LoadTransaction> {
  const { manifest } = sealed;
  const loadId = manifest.loadId;
  const run = async (sql: string): Promise<void> => void (await connection.run(sql));
  const count = async (table: string): Promise<number> =>
    Number((await queryRows(connection, `SELECT count(*) AS n FROM ${names.table(table)}`))[0]!["n"]);

  const touched = touchedTables();
  const before = new Map<string, number>();
  const loaded = new Map<string, number>();
  const staged = new Map<string, string>();
  let open = true;
  await run("BEGIN TRANSACTION");

  /** Tables that this package writes to, nested ones of replaced and merged ones included. */
  function touchedTables(): TableSchema[] {
    const withRows = new Set([...manifest.parts.map((part) => part.table), ...manifest.emptied]);
    const tables = new Map<string, TableSchema>();
    for (const name of withRows) {
      const table = schema.tables.get(name);
      if (table === undefined)
        throw new LadingError("PACKAGE_CORRUPT", `The package has rows of "${name}", which its schema does not know.`);
      const root = rootTable(schema, table);
      tables.set(name, table);
      if (root.write_disposition === "append") continue;
      for (const one of tableChain(schema, root.name)) if (hasSeenData(one)) tables.set(one.name, one);
    }
    return [...tables.values()];
  }

  function disposition(table: TableSchema): string {
    return rootTable(schema, table).write_disposition ?? "append";
  }

  /** DuckDB's own errors, in our words. */
  async function guarded<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw duckdbError(error, path);
    }
  }

  async function migrate(): Promise<TableChange[]> {
    await run(`CREATE SCHEMA IF NOT EXISTS ${names.schema}`);
    const catalog = await readCatalog(connection, names);
    const changes: TableChange[] = [];
    for (const table of schema.tables.values()) {
      const isState = table.name === "_dlt_pipeline_state" && manifest.writesState;
      if (!hasSeenData(table) && !isState && (!isSystemTable(table.name) || table.name === "_dlt_pipeline_state"))
        continue;
      const columns = storedColumns(table);
      const known = catalog.get(table.name);
      if (known === undefined) await run(createTable(duckdbDialect, names.table(table.name), columns));
      const missing = known === undefined ? columns : columns.filter((column) => !hasColumn(known, column));
      if (known !== undefined) {
        for (const statement of addColumns(duckdbDialect, names.table(table.name), missing)) await run(statement);
      }
      if (missing.length > 0 && !isSystemTable(table.name)) {
        changes.push({ table: table.name, added: missing.map((column) => column.name) });
      }
    }
    for (const table of touched) before.set(table.name, await count(table.name));
    for (const table of touched) await prepare(table);
    return changes;
  }

  /** Empties what is replaced, and makes room for what is merged. */
  async function prepare(table: TableSchema): Promise<void> {
    if (disposition(table) === "replace") await run(`DELETE FROM ${names.table(table.name)}`);
    if (disposition(table) !== "merge") return;
    const staging = `temp.main.${quote(`staging_${staged.size}`)}`;
    await run(`CREATE OR REPLACE TEMPORARY TABLE ${staging} AS SELECT * FROM ${names.table(table.name)} LIMIT 0`);
    staged.set(table.name, staging);
  }

  async function copy(part: Part): Promise<void> {
    const table = schema.tables.get(part.table)!;
    const columns = part.columns.map((name) => table.columns.get(name) ?? missingColumn(part.table, name));
    await run(
      insertPart({
        target: staged.get(part.table) ?? names.table(part.table),
        path: join(sealed.folder, part.path),
        columns,
        longestRow: part.longestRow,
        constants:
          table.columns.has("_dlt_load_id") && !part.columns.includes("_dlt_load_id") ? { _dlt_load_id: loadId } : {},
      }),
    );
    loaded.set(part.table, (loaded.get(part.table) ?? 0) + part.rows);
  }

  async function merge(): Promise<void> {
    const roots = new Set([...staged.keys()].map((name) => rootTable(schema, schema.tables.get(name)!).name));
    let temporary = 0;
    for (const root of roots) {
      const chain = tableChain(schema, root).filter((table) => staged.has(table.name));
      const statements = deleteInsert(
        duckdbDialect,
        {
          target: names.table,
          staging: (name) => staged.get(name)!,
          arrival: "rowid",
          temporary: (purpose) => `temp.main.${quote(`${purpose}_${temporary++}`)}`,
        },
        schema,
        chain,
      );
      for (const statement of statements) await run(statement);
    }
    for (let i = 0; i < temporary; i++) {
      for (const purpose of ["delete", "insert"])
        await run(`DROP TABLE IF EXISTS temp.main.${quote(`${purpose}_${i}`)}`);
    }
    for (const staging of staged.values()) await run(`DROP TABLE ${staging}`);
  }

  /** The newest state and schema must be those that the run began from (design 3, one runner). */
  async function fence(): Promise<void> {
    const [version] = await queryRows(connection, selectNewestSchema(duckdbDialect, names.system, schema.name));
    const [stored] = (await hasStateTable())
      ? await queryRows(connection, selectNewestState(duckdbDialect, names.system, manifest.pipeline))
      : [];
    const { base } = manifest;
    const newestSchema = version === undefined ? undefined : String(version["version_hash"]);
    const newestState = stored === undefined ? undefined : storedHash(decodeState(String(stored["state"])));
    // Where nothing is there, the dataset was dropped: that hurts nobody.
    const unchanged = (newest: string | undefined, began: string | undefined): boolean =>
      newest === undefined || newest === began;
    if (unchanged(newestSchema, base.schemaHash) && unchanged(newestState, base.stateHash)) return;
    throw new LadingError(
      "CONFLICT",
      `Since this run of "${manifest.pipeline}" began, another one has loaded into ${names.dataset}.`,
      { details: { loadId, newestSchema, newestState, base } },
    );
  }

  async function hasStateTable(): Promise<boolean> {
    return (await readCatalog(connection, names)).has("_dlt_pipeline_state");
  }

  async function writeSystemRows(): Promise<void> {
    const now = new Date().toISOString();
    const { system } = names;
    await run(insertVersion(duckdbDialect, system, schema, sealed.schema, now));
    if (manifest.writesState) {
      const state = stateFromText(sealed.state);
      await run(
        insertState(duckdbDialect, system, { pipeline: manifest.pipeline, state, loadId, rowId: randomId(), now }),
      );
    }
    await run(insertLoad(duckdbDialect, system, schema, loadId, now));
  }

  async function commit(): Promise<ReadonlyMap<string, TableCount>> {
    await merge();
    await fence();
    await writeSystemRows();
    const counts = new Map<string, TableCount>();
    for (const { name } of touched) {
      const total = await count(name);
      counts.set(name, { total, removed: (before.get(name) ?? 0) + (loaded.get(name) ?? 0) - total });
    }
    await run("COMMIT");
    open = false;
    return counts;
  }

  return {
    migrate: () => guarded(migrate),
    copy: (part) => guarded(() => copy(part)),
    commit: () => guarded(commit),
    async rollback() {
      if (!open) return;
      open = false;
      await connection.run("ROLLBACK").catch(() => {
        // DuckDB has rolled back by itself after a fatal error.
      });
    },
  };
}

/** DuckDB takes names without regard to case. */
function hasColumn(known: ReadonlySet<string>, column: ColumnSchema): boolean {
  if (known.has(column.name)) return true;
  const lower = column.name.toLowerCase();
  for (const name of known) if (name.toLowerCase() === lower) return true;
  return false;
}

function missingColumn(table: string, column: string): never {
  throw new LadingError(
    "PACKAGE_CORRUPT",
    `The package has a column "${column}" of "${table}" that its schema does not know.`,
  );
}
