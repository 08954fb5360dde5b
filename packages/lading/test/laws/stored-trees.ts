import type { Tree } from "./tree.ts";

/** A value in a table: the type of its column in the database, and the value as text. Times are microseconds since 1970. */
export interface Cell {
  readonly type: string;
  readonly text: string;
}

/** A row of a root table with all that is nested in it. */
export interface StoredTree extends Tree<Cell> {
  readonly id: string;
  /** dlt's own columns, as texts. */
  readonly system: ReadonlyMap<string, string>;
}

interface StoredRow {
  readonly system: ReadonlyMap<string, string>;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** Runs SQL; gives rows. */
export type Sql = (statement: string) => Promise<unknown[][]>;

const variant = /(?:__v_(?:text|bigint|double|bool|timestamp|decimal|json|date|time|wei|binary))+$/;

/**
 * Puts together what the tables of a dataset hold. A nested row may belong to a row of any table above its own: `a__b` is
 * the list of an object, and of each object of a list.
 *
 * @throws Error where a row belongs to nothing, an id is there twice, a list has gaps, or a value stands in two columns
 */
export async function storedTrees(sql: Sql, root: string, dataset = "d"): Promise<StoredTree[]> {
  const tables = await tablesOf(sql, dataset, root);
  const children = new Map<string, Map<string, Tree<Cell>[]>>();
  // Deepest first: a row takes what is nested in it.
  for (const table of [...tables.keys()].toSorted((a, b) => b.length - a.length)) {
    if (table === root) continue;
    for (const row of tables.get(table)!) addRow(table, row);
  }
  const roots = (tables.get(root) ?? []).map((row) => ({ ...treeOf(root, row), id: idOf(row), system: row.system }));
  const known = new Set([...tables].flatMap(([table, rows]) => rows.map((row) => `${table} ${idOf(row)}`)));
  for (const place of children.keys()) if (!known.has(place)) throw new Error(`Rows belong to nothing: ${place}`);
  return roots;

  function addRow(table: string, row: StoredRow): void {
    const parent = row.system.get("_dlt_parent_id") ?? "";
    const above = [...tables.keys()].filter(
      (name) => table.startsWith(`${name}__`) && tables.get(name)!.some((one) => idOf(one) === parent),
    );
    if (above.length !== 1) throw new Error(`A row of ${table} belongs to ${above.length} tables: ${parent}`);
    const place = `${above[0]!} ${parent}`;
    const lists = children.get(place) ?? new Map<string, Tree<Cell>[]>();
    children.set(place, lists);
    const name = table.slice(above[0]!.length + 2);
    const list = lists.get(name) ?? [];
    lists.set(name, list);
    const index = Number(row.system.get("_dlt_list_idx"));
    if (list[index] !== undefined) throw new Error(`${table} has two rows ${index} of ${parent}`);
    list[index] = treeOf(table, row);
  }

  function treeOf(table: string, row: StoredRow): Tree<Cell> {
    const lists = children.get(`${table} ${idOf(row)}`) ?? new Map<string, Tree<Cell>[]>();
    for (const [name, list] of lists) {
      if (list.length !== Object.keys(list).length) throw new Error(`The list ${name} of ${table} has gaps`);
    }
    return { cells: row.cells, lists };
  }
}

function idOf({ system }: StoredRow): string {
  return system.get("_dlt_id") ?? "";
}

async function tablesOf(sql: Sql, dataset: string, root: string): Promise<Map<string, StoredRow[]>> {
  const columns = (await sql(
    `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = '${dataset}' AND (table_name = '${root}' OR starts_with(table_name, '${root}__')) ORDER BY table_name, ordinal_position`,
  )) as [string, string, string][];
  const tables = new Map<string, StoredRow[]>();
  for (const table of new Set(columns.map(([name]) => name))) {
    const own = columns.filter(([name]) => name === table);
    const list = own.map(([, name, type]) => {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      return `CAST(${type.startsWith("TIMESTAMP") ? `epoch_us(${quoted})` : quoted} AS VARCHAR)`;
    });
    const rows = (await sql(`SELECT ${list.join(", ")} FROM ${dataset}."${table}"`)) as (string | null)[][];
    tables.set(
      table,
      rows.map((row) => rowOf(table, own, row)),
    );
  }
  return tables;
}

function rowOf(
  table: string,
  columns: readonly (readonly [string, string, string])[],
  row: (string | null)[],
): StoredRow {
  const system = new Map<string, string>();
  const cells = new Map<string, Cell>();
  for (const [index, [, name, type]] of columns.entries()) {
    const text = row[index] ?? null;
    if (text === null) continue;
    if (name.startsWith("_dlt_")) {
      system.set(name, text);
      continue;
    }
    const base = name.replace(variant, "");
    if (cells.has(base)) throw new Error(`A row of ${table} has two values of ${base}`);
    cells.set(base, { type, text });
  }
  return { system, cells };
}
