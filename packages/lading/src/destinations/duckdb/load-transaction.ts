import { join } from "node:path";
import type { LoadRequest, LoadTransaction, TableChange, TableCount } from "../../destination/destination.ts";
import { addColumns, createTable } from "../../destination/sql/ddl.ts";
import { mergeStatements, replaceFromStaging, type MergeTables } from "../../destination/sql/merge/index.ts";
import {
  insertLoad,
  insertState,
  insertVersion,
  selectNewestSchema,
  selectNewestState,
} from "../../destination/sql/system-rows.ts";
import { LadingError } from "../../errors/index.ts";
import type { Manifest, Part } from "../../load-package/manifest.ts";
import { marksRootRows, mergeStrategyOf, passesRootIds, rootRowColumn } from "../../schema/merge-strategy.ts";
import { hasSeenData, isSystemTable, rootTable, tableChain, type TableSchema } from "../../schema/schema.ts";
import { decodeState, stateFromText, storedHash } from "../../state/pipeline-state.ts";
import { randomId } from "../../util/row-id.ts";
import { queryRows, readCatalog, type FoundTable, type NameMap, type Names } from "./catalog.ts";
import { columnFits } from "./column-fit.ts";
import { duckdbDialect, insertPart } from "./dialect.ts";
import type { OpenDatabase } from "./driver.ts";
import { duckdbError } from "./errors.ts";
import { memoryFor } from "./memory.ts";
import { fillRootIds, fillRowIds, neededColumns } from "./fill-ids.ts";
import { refusedRows } from "./refused-rows.ts";
import { stagingTable, type Staging } from "./staging.ts";
import { takeTurn } from "./take-turns.ts";

const { quote } = duckdbDialect;

/**
 * Begins the one transaction of a load: tables, rows, and dlt's own rows become visible together or not at all.
 * DuckDB does DDL in transactions, so nothing is left of a load that fails.
 */
export async function beginLoad(
  { connection, file, sizesMemory }: OpenDatabase,
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
  const staged = new Map<string, Staging>();
  let open = true;
  const leave = await takeTurn(file);
  try {
    if (sizesMemory) await run(`SET memory_limit='${memoryFor(manifest.parts)}MB'`);
    await run("BEGIN TRANSACTION");
  } catch (error) {
    leave();
    throw error;
  }

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

  /** DuckDB's own errors, in our words. */
  async function guarded<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw refusedRows(error, touched) ?? duckdbError(error, path);
    }
  }

  async function migrate(): Promise<TableChange[]> {
    await run(`CREATE SCHEMA IF NOT EXISTS ${names.schema}`);
    const catalog = await readCatalog(connection, names);
    const changes: TableChange[] = [];
    const withoutIds = new Map<string, string>();
    for (const table of schema.tables.values()) {
      const isState = table.name === "_dlt_pipeline_state" && manifest.writesState;
      if (!hasSeenData(table) && !isState && (!isSystemTable(table.name) || table.name === "_dlt_pipeline_state"))
        continue;
      const columns = neededColumns(schema, table);
      const known = catalog.get(table.name);
      if (known?.isView === true) throw viewInTheWay(names, table.name);
      const missing = known === undefined ? columns : columns.filter((column) => !known.columns.has(column.name));
      if (known === undefined) await run(createTable(duckdbDialect, names.table(table.name), columns));
      else for (const statement of addColumns(duckdbDialect, names.table(table.name), missing)) await run(statement);
      for (const column of known === undefined ? [] : missing) {
        if (column.row_key === true) withoutIds.set(table.name, column.name);
      }
      if (missing.length > 0 && !isSystemTable(table.name)) {
        changes.push({ table: table.name, added: missing.map((column) => column.name) });
      }
    }
    checkTypes(catalog);
    for (const [table, column] of withoutIds) await run(fillRowIds(names.table(table), column));
    await giveRootIds();
    for (const table of touched) before.set(table.name, await count(table.name));
    for (const table of touched) await prepare(table);
    return changes;
  }

  /** Columns that rows go into must take them as they are. */
  function checkTypes(catalog: NameMap<FoundTable>): void {
    for (const part of manifest.parts) {
      const table = schema.tables.get(part.table);
      const found = catalog.get(part.table);
      for (const name of part.columns) {
        const column = table?.columns.get(name);
        const type = found?.columns.get(name);
        if (column === undefined || type === undefined) continue;
        const wanted = duckdbDialect.columnType(column);
        if (!columnFits(wanted, type)) throw typeChanged(part.table, name, wanted, type);
      }
    }
  }

  /** To nested rows without one, in tables that are merged. Parents first: nested rows take it from them. */
  async function giveRootIds(): Promise<void> {
    const merged = new Set(touched.filter((table) => passesRootIds(rootTable(schema, table))).map(({ name }) => name));
    for (const root of schema.tables.values()) {
      if (root.parent !== undefined) continue;
      for (const table of tableChain(schema, root.name)) {
        const fill = merged.has(table.name) ? fillRootIds(schema, table, names.table) : undefined;
        // The question costs nothing where no row group has a NULL; the answer may be a join.
        if (fill !== undefined && (await queryRows(connection, fill.question)).length > 0) await run(fill.statement);
      }
    }
  }

  /** Empties what is replaced in its place, and makes room for what is merged or replaced from staging. */
  async function prepare(table: TableSchema): Promise<void> {
    const root = rootTable(schema, table);
    const target = names.table(table.name);
    if (!isStaged(manifest, root)) {
      if (root.write_disposition === "replace") await run(`DELETE FROM ${target}`);
      return;
    }
    const columns = neededColumns(schema, table).map(({ name }) => name);
    const staging = stagingTable(staged.size, target, columns, marksRootRows(root));
    for (const statement of staging.create) await run(statement);
    staged.set(table.name, staging);
  }

  async function copy(part: Part): Promise<void> {
    const table = schema.tables.get(part.table)!;
    const marked = marksRootRows(rootTable(schema, table));
    const columns = part.columns.map((name) => {
      if (marked && name === rootRowColumn) return { name, data_type: "text" } as const;
      return table.columns.get(name) ?? missingColumn(part.table, name);
    });
    await run(
      insertPart({
        target: staged.get(part.table)?.name ?? names.table(part.table),
        path: join(sealed.folder, part.path),
        columns,
        longestRow: part.longestRow,
        // A root row that brings a load id of its own does not keep it, as in dlt.
        constants: table.parent === undefined && table.columns.has("_dlt_load_id") ? { _dlt_load_id: loadId } : {},
      }),
    );
    loaded.set(part.table, (loaded.get(part.table) ?? 0) + part.rows);
  }

  async function merge(): Promise<void> {
    const roots = new Set([...staged.keys()].map((name) => rootTable(schema, schema.tables.get(name)!).name));
    const temporary: string[] = [];
    for (const root of roots) {
      const [first, ...nested] = tableChain(schema, root).filter((table) => staged.has(table.name));
      const chain = [first!, ...nested] as const;
      const tables: MergeTables = {
        target: names.table,
        staging: (name) => staged.get(name)!.name,
        arrival: staged.get(root)!.arrival,
        temporary: (purpose) => {
          const name = `temp.main.${quote(`${purpose}_${temporary.length}`)}`;
          temporary.push(name);
          return name;
        },
      };
      const statements =
        first!.write_disposition === "replace"
          ? replaceFromStaging(duckdbDialect, tables, chain)
          : mergeStatements({ dialect: duckdbDialect, tables, schema, chain, loadId });
      for (const statement of statements) await run(statement);
    }
    for (const table of temporary) await run(`DROP TABLE ${table}`);
    for (const { drop } of staged.values()) for (const statement of drop) await run(statement);
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

  /** Rows that were there and are gone or have a successor. Where none can go, those that came and were there are passed over. */
  function removed(name: string, total: number): number {
    const had = before.get(name) ?? 0;
    const strategy = mergeStrategyOf(rootTable(schema, schema.tables.get(name)!));
    if (strategy === "scd2" || strategy === "insert-only") return Math.max(0, had - total);
    return had + (loaded.get(name) ?? 0) - total;
  }

  async function commit(): Promise<ReadonlyMap<string, TableCount>> {
    await merge();
    await fence();
    await writeSystemRows();
    const counts = new Map<string, TableCount>();
    for (const { name } of touched) {
      const total = await count(name);
      counts.set(name, { total, removed: removed(name, total) });
    }
    await run("COMMIT");
    open = false;
    leave();
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
      leave();
    },
  };
}

/** Whether rows of a table go to its staging table first. */
function isStaged(manifest: Manifest, root: TableSchema): boolean {
  if (root.write_disposition === "merge") return true;
  return root.write_disposition === "replace" && manifest.replacedFromStaging?.includes(root.name) === true;
}

function viewInTheWay(names: Names, view: string): LadingError {
  return new LadingError("TABLE_CHANGED", `"${view}" in ${names.dataset} is a view, and takes no rows.`, {
    hint: "Rename or drop the view, or give the resource another tableName. The package is kept.",
    details: { table: view },
  });
}

function typeChanged(table: string, column: string, wanted: string, found: string): LadingError {
  return new LadingError(
    "TABLE_CHANGED",
    `The column "${column}" of "${table}" is ${found} in the database; values of ${wanted} would be cast, and might be damaged.`,
    {
      hint: `Change it back (ALTER TABLE … ALTER "${column}" TYPE ${wanted}), or rename it: it is made again. The package is kept.`,
      details: { table, column, wanted, found },
    },
  );
}

function missingColumn(table: string, column: string): never {
  throw new LadingError(
    "PACKAGE_CORRUPT",
    `The package has a column "${column}" of "${table}" that its schema does not know.`,
  );
}
