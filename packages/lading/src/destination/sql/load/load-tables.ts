import { join } from "node:path";
import { LadingError } from "../../../errors/index.ts";
import type { Part } from "../../../load-package/manifest.ts";
import { marksRootRows, mergeStrategyOf, rootRowColumn } from "../../../schema/merge-strategy.ts";
import { isSystemTable, rootTable, type ColumnSchema, type Schema, type TableSchema } from "../../../schema/schema.ts";
import type { EarlyRequest, TableChange, TableCount } from "../../destination.ts";
import { addColumns, createTable, dropTable } from "../ddl.ts";
import type { DatasetNames, SqlEngine, Staging } from "./engine.ts";
import { fillRowIds, neededColumns } from "./fill-ids.ts";

/**
 * The tables of one load, inside its transaction: brought to the schema, emptied or staged, and filled. What was done
 * for a table is not done again, whoever asked for it first: a file that came early, or the sealed package.
 */
export interface LoadTables {
  /** Makes the table, or adds the columns that it lacks. */
  bring(schema: Schema, table: TableSchema): Promise<void>;
  /** Throws `TABLE_CHANGED` where a column of the database cannot take the file's values as they are. */
  checkTypes(schema: Schema, part: Part): void;
  /** Counts the table, and empties it where it is replaced, or makes room where it is merged. */
  prepare(schema: Schema, table: TableSchema): Promise<void>;
  /** Empties the tables that the package says are empty before it, as far as {@link prepare} has not. After `bring`. */
  emptyFirst(): Promise<void>;
  /** Puts the rows of a file into the table, or where they wait to be merged. */
  copy(schema: Schema, part: Part, folder: string): Promise<void>;
  /** Tables and columns that were made, in the schema's order. */
  changes(schema: Schema): TableChange[];
  /** Tables whose rows wait to be merged, or to take the place of others, with the table where they wait. */
  readonly staged: ReadonlyMap<string, Staging>;
  /** Gives new columns what they are to have beside their type, once all rows are in. */
  finish(): Promise<void>;
  /** Tables that were emptied first, with the rows that they had, where counting costs nothing. */
  readonly emptied: ReadonlyMap<string, number | undefined>;
  /** What came of a table, once everything is in it; `undefined` where counting costs too much. */
  count(schema: Schema, table: string): Promise<TableCount | undefined>;
  /** Whether a package with this schema would have found and left the tables like this. */
  fits(schema: Schema): boolean;
}

export async function loadTables(
  engine: SqlEngine,
  { loadId, replacedFromStaging = [], dropped = [], truncated = [] }: EarlyRequest,
): Promise<LoadTables> {
  const { dialect, names, run } = engine;
  await engine.makeDataset();
  for (const table of dropped) await run(dropTable(names.table(table)));
  let found = await engine.readCatalog();
  let isLocked = engine.lockCatalog === undefined;
  /** Columns that this load made, by table. */
  const made = new Map<string, readonly ColumnSchema[]>();
  const prepared = new Map<string, { readonly way: string; readonly rows: number | undefined }>();
  const staged = new Map<string, Staging>();
  const copied = new Map<string, number>();

  const rowsOf = async (table: string): Promise<number | undefined> =>
    engine.countsRows
      ? Number((await engine.rows(`SELECT count(*) AS n FROM ${names.table(table)}`))[0]!["n"])
      : undefined;

  /** Tables that were emptied because the package says so, with the rows that they had. */
  const emptied = new Map<string, number | undefined>();
  /** Tables of which rows were deleted or changed: DuckDB refuses to commit where columns are added to them after that. */
  const rewritten = new Set<string>();

  async function empty(table: string): Promise<void> {
    if (!truncated.includes(table) || emptied.has(table) || !found.has(table)) return;
    emptied.set(table, await rowsOf(table));
    await deleteRows(table, emptied.get(table));
  }

  async function deleteRows(table: string, rows: number | undefined): Promise<void> {
    if (rows === 0) return;
    await run(dialect.empty(names.table(table)));
    rewritten.add(table);
  }

  function missingColumns(schema: Schema, table: TableSchema): ColumnSchema[] {
    const known = found.get(table.name);
    return neededColumns(schema, table).filter((column) => known?.columns.has(column.name) !== true);
  }

  /** Called before something is made: somebody else may have made it in the meantime. */
  async function lockCatalog(): Promise<void> {
    isLocked = true;
    await engine.lockCatalog?.();
    found = await engine.readCatalog();
  }

  function isStaged(root: TableSchema): boolean {
    if (root.write_disposition === "merge") return true;
    return root.write_disposition === "replace" && replacedFromStaging.includes(root.name);
  }

  /** What is done with the rows of a table and of those nested in it. */
  function wayOf(root: TableSchema): string {
    return `${root.write_disposition ?? "append"} ${mergeStrategyOf(root) ?? ""} ${isStaged(root)}`;
  }

  return {
    staged,
    emptied,
    async emptyFirst() {
      for (const table of truncated) await empty(table);
    },
    async bring(schema, table) {
      const own = made.get(table.name) ?? [];
      const missingNow = (): ColumnSchema[] =>
        missingColumns(schema, table).filter((column) => !own.some(({ name }) => name === column.name));
      const isThere = (): boolean => (found.get(table.name) ?? made.get(table.name)) !== undefined;
      if (!isLocked && (missingNow().length > 0 || !isThere())) await lockCatalog();
      const known = found.get(table.name);
      if (known?.isView === true) throw viewInTheWay(names, table.name);
      const missing = missingNow();
      if (missing.length === 0 && isThere()) return;
      if (rewritten.has(table.name)) throw new Error(`Columns came to "${table.name}" after its rows were deleted.`);
      made.set(table.name, [...own, ...missing]);
      if (known === undefined && own.length === 0) {
        await run(createTable(dialect, names.table(table.name), missing));
        return;
      }
      const staging = staged.get(table.name);
      for (const target of [names.table(table.name), ...(staging === undefined ? [] : [staging.name])]) {
        for (const statement of addColumns(dialect, target, missing)) await run(statement);
      }
      const rowKey = missing.find((column) => column.row_key === true);
      if (known !== undefined && rowKey !== undefined) {
        await run(fillRowIds(dialect, names.table(table.name), rowKey.name));
        rewritten.add(table.name);
      }
    },
    checkTypes(schema, part) {
      const table = schema.tables.get(part.table);
      const known = found.get(part.table);
      for (const name of part.columns) {
        const column = table?.columns.get(name);
        const type = known?.columns.get(name);
        if (column === undefined || type === undefined) continue;
        const wanted = dialect.columnType(column);
        if (!dialect.fits(wanted, type)) throw typeChanged(part.table, name, wanted, type);
      }
    },
    async prepare(schema, table) {
      if (prepared.has(table.name)) return;
      const target = names.table(table.name);
      const root = rootTable(schema, table);
      await empty(table.name);
      const rows = emptied.get(table.name) ?? (await rowsOf(table.name));
      prepared.set(table.name, { way: wayOf(root), rows });
      if (!isStaged(root)) {
        if (root.write_disposition === "replace" && !emptied.has(table.name)) await deleteRows(table.name, rows);
        return;
      }
      const columns = neededColumns(schema, table).map(({ name }) => name);
      const staging = dialect.staging({ number: staged.size, target, columns, marked: marksRootRows(root) });
      for (const statement of staging.create) await run(statement);
      staged.set(table.name, staging);
    },
    async copy(schema, part, folder) {
      const table = schema.tables.get(part.table)!;
      const marked = marksRootRows(rootTable(schema, table));
      const columns = part.columns.map((name) => {
        if (marked && name === rootRowColumn) return { name, data_type: "text" } as const;
        return table.columns.get(name) ?? missingColumn(part.table, name);
      });
      await engine.copy({
        target: staged.get(part.table)?.name ?? names.table(part.table),
        path: join(folder, part.path),
        columns,
        longestRow: part.longestRow,
        // A root row that brings a load id of its own does not keep it, as in dlt.
        constants: table.parent === undefined && table.columns.has("_dlt_load_id") ? { _dlt_load_id: loadId } : {},
      });
      copied.set(part.table, (copied.get(part.table) ?? 0) + part.rows);
    },
    changes(schema) {
      return [...schema.tables.keys()]
        .filter((name) => !isSystemTable(name))
        .map((table) => ({ table, added: (made.get(table) ?? []).map((column) => column.name) }))
        .filter(({ added }) => added.length > 0);
    },
    async finish() {
      for (const [table, columns] of made) {
        for (const statement of dialect.finish(names.table(table), columns)) await run(statement);
      }
    },
    async count(schema, table) {
      const total = await rowsOf(table);
      if (total === undefined) return undefined;
      const had = prepared.get(table)?.rows ?? emptied.get(table) ?? 0;
      const strategy = mergeStrategyOf(rootTable(schema, schema.tables.get(table)!));
      // Where no row can go, those that came and were there already are passed over.
      if (strategy === "scd2" || strategy === "insert-only") return { total, removed: Math.max(0, had - total) };
      return { total, removed: had + (copied.get(table) ?? 0) - total };
    },
    fits(schema) {
      const isSame = (columns: readonly ColumnSchema[], others: readonly ColumnSchema[]): boolean =>
        createTable(dialect, "t", columns) === createTable(dialect, "t", others);
      return [...made.keys(), ...prepared.keys()].every((name) => {
        const table = schema.tables.get(name);
        if (table === undefined) return false;
        const own = made.get(name) ?? [];
        const way = prepared.get(name)?.way;
        const isLate = rewritten.has(name) && missingColumns(schema, table).length > own.length;
        const hidesArrival = table.columns.has(staged.get(name)?.arrival ?? "");
        return (
          isSame(own, missingColumns(schema, table).slice(0, own.length)) &&
          (way === undefined || way === wayOf(rootTable(schema, table))) &&
          !hidesArrival &&
          !isLate
        );
      });
    },
  };
}

function viewInTheWay(names: DatasetNames, view: string): LadingError {
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
