import type { SqlReader } from "../../destination/sql-reader.ts";
import { schemaFromText } from "../../schema/wire.ts";
import { decodeState } from "../../state/pipeline-state.ts";
import { decompress } from "../../util/hash.ts";
import { stringify } from "../../util/json-text.ts";

/** What is in a dataset, without what is drawn at random or taken from the clock: two loads of the same data are equal. */
export interface DatasetContent {
  /** The rows of each table as texts, sorted. A nested row begins with the row that it belongs to. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** How many loads were committed. */
  readonly loads: number;
  /** The newest state of each pipeline, with its version. */
  readonly states: readonly string[];
  /** The newest version of each schema. */
  readonly schemas: readonly string[];
  /** What must never be: an id twice, a row without its parent, a row of a load that was not committed. */
  readonly faults: readonly string[];
}

const system = new Set(["_dlt_version", "_dlt_loads", "_dlt_pipeline_state"]);

interface Row {
  readonly cells: Readonly<Record<string, string | null>>;
  readonly own: string;
}

/** Reads everything that is in a dataset. Random ids count by what they join. */
export async function datasetContent(reader: SqlReader, dataset: string): Promise<DatasetContent> {
  const all = async (
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<Readonly<Record<string, unknown>>[]> => {
    const rows: Readonly<Record<string, unknown>>[] = [];
    for await (const batch of reader.query(sql, parameters)) rows.push(...batch);
    return rows;
  };
  const columns = new Map<string, string[]>();
  for (const row of await all(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = $1 ORDER BY table_name, column_name",
    [dataset],
  )) {
    const table = String(row["table_name"]);
    columns.set(table, [...(columns.get(table) ?? []), String(row["column_name"])]);
  }

  const faults: string[] = [];
  const instants = await boundaries();
  const tables = new Map<string, readonly Row[]>();
  // By table: where ids are hashes of keys, rows of two tables may have the same one.
  const byId = new Map<string, Map<string, Row>>();
  for (const [table, names] of columns) {
    if (system.has(table)) continue;
    const list = names.map((name, index) => `CAST(${reader.quote(name)} AS VARCHAR) AS c${index}`);
    const rows = (await all(`SELECT ${list.join(", ")} FROM ${reader.qualify(table)}`)).map((row): Row => {
      const cells = Object.fromEntries(names.map((name, index) => [name, (row[`c${index}`] ?? null) as string | null]));
      const own = Object.entries(cells)
        .filter(([name]) => !/^_dlt_(?:id|parent_id|root_id|load_id)$/.test(name))
        .map(([name, cell]) => [name, isValidity(name) && cell !== null ? `boundary ${instants.indexOf(cell)}` : cell]);
      return { cells, own: JSON.stringify(Object.fromEntries(own)) };
    });
    tables.set(table, rows);
    const own = new Map<string, Row>();
    byId.set(table, own);
    for (const row of rows) {
      const id = row.cells["_dlt_id"];
      if (id === null || id === undefined) continue;
      const twin = own.get(id);
      // In a history a row that went and came back has the id that it had.
      const isVersion = twin?.cells["_dlt_valid_from"] !== row.cells["_dlt_valid_from"];
      if (twin !== undefined && !isVersion) faults.push(`${table}: the id ${id} is there twice`);
      own.set(id, row);
    }
  }

  const loads = columns.has("_dlt_loads") ? await all(`SELECT load_id FROM ${reader.qualify("_dlt_loads")}`) : [];
  const committed = new Set(loads.map((row) => String(row["load_id"])));
  if (committed.size < loads.length) faults.push("_dlt_loads: a load is there twice");

  const parents = await parentsOf();
  /** The tables that one is nested in: the nearest first. */
  const above = (table: string): string[] => {
    const parent = parents.get(table);
    return parent === undefined ? [] : [parent, ...above(parent)];
  };
  const whole = (table: string, row: Row): string => {
    const parentId = row.cells["_dlt_parent_id"];
    if (parentId === undefined) return row.own;
    // `a__b` is the list of an object, and of each object of a list.
    const parentTable = above(table).find((name) => byId.get(name)?.has(parentId ?? "") === true);
    const parent = parentTable === undefined ? undefined : byId.get(parentTable)?.get(parentId ?? "");
    if (parentTable === undefined || parent === undefined) {
      faults.push(`${table}: a row has no parent: ${row.own}`);
      return row.own;
    }
    return `${whole(parentTable, parent)} > ${row.own}`;
  };
  const texts = Object.fromEntries(
    [...tables].map(([table, rows]) => [
      table,
      rows
        .map((row) => {
          const loadId = row.cells["_dlt_load_id"];
          if (loadId !== undefined && !committed.has(loadId ?? ""))
            faults.push(`${table}: a row of no load: ${row.own}`);
          const rootId = row.cells["_dlt_root_id"];
          if (rootId !== undefined && byId.get(above(table).at(-1) ?? "")?.has(rootId ?? "") !== true)
            faults.push(`${table}: a row has no root: ${row.own}`);
          return whole(table, row);
        })
        .toSorted(),
    ]),
  );
  return { tables: texts, loads: loads.length, states: await states(), schemas: await schemas(), faults };

  /** The times of loads that histories show, in their order: only that can be the same in two datasets. */
  async function boundaries(): Promise<string[]> {
    const found = new Set<string>();
    for (const [table, names] of columns) {
      for (const name of names.filter(isValidity)) {
        const cell = `CAST(${reader.quote(name)} AS VARCHAR)`;
        for (const row of await all(`SELECT DISTINCT ${cell} AS at FROM ${reader.qualify(table)}`))
          if (typeof row["at"] === "string") found.add(row["at"]);
      }
    }
    return [...found].toSorted();
  }

  async function states(): Promise<string[]> {
    if (!columns.has("_dlt_pipeline_state")) return [];
    const table = reader.qualify("_dlt_pipeline_state");
    const rows = await all(
      `SELECT pipeline_name AS name, version, state FROM ${table} AS s WHERE version = (SELECT max(version) FROM ${table} AS o WHERE o.pipeline_name = s.pipeline_name) ORDER BY 1`,
    );
    return rows.map(
      (row) => `${String(row["name"])} ${stringify(decodeState(String(row["state"])), { sortKeys: true })}`,
    );
  }

  /** The table that each is nested in, as the newest schemas say. */
  async function parentsOf(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    if (!columns.has("_dlt_version")) return found;
    const rows = await all(
      `SELECT schema FROM ${reader.qualify("_dlt_version")} ORDER BY schema_name, inserted_at, version`,
    );
    for (const row of rows) {
      const text = String(row["schema"]);
      const { tables: known } = schemaFromText(text.startsWith("{") ? text : decompress(text));
      for (const { name, parent } of known.values()) if (parent !== undefined) found.set(name, parent);
    }
    return found;
  }

  async function schemas(): Promise<string[]> {
    if (!columns.has("_dlt_version")) return [];
    const rows = await all(
      `SELECT schema_name AS name, version, version_hash AS hash FROM ${reader.qualify("_dlt_version")} ORDER BY schema_name, version`,
    );
    const newest = new Map(
      rows.map((row) => [String(row["name"]), `${String(row["version"])} ${String(row["hash"])}`]),
    );
    return [...newest].map(([name, text]) => `${name} ${text}`);
  }
}

function isValidity(column: string): boolean {
  return column === "_dlt_valid_from" || column === "_dlt_valid_to";
}

/** How the content of a dataset differs from what it should be. */
export interface ContentDifference {
  /** Rows that should be there and are not. */
  readonly lost: readonly string[];
  /** Rows that are there and should not be, twice for one. */
  readonly doubled: readonly string[];
  /** Everything else: state, schema, ids, loads, tables. */
  readonly other: readonly string[];
}

/** Compares by content. Nothing in all three lists: equal. */
export function contentDifference(expected: DatasetContent, actual: DatasetContent): ContentDifference {
  const lost: string[] = [];
  const doubled: string[] = [];
  const other: string[] = [...actual.faults];
  for (const table of new Set([...Object.keys(expected.tables), ...Object.keys(actual.tables)])) {
    const counts = new Map<string, number>();
    for (const row of expected.tables[table] ?? []) counts.set(row, (counts.get(row) ?? 0) + 1);
    for (const row of actual.tables[table] ?? []) counts.set(row, (counts.get(row) ?? 0) - 1);
    for (const [row, count] of counts) {
      for (let i = 0; i < count; i++) lost.push(`${table}: ${row}`);
      for (let i = 0; i > count; i--) doubled.push(`${table}: ${row}`);
    }
    if (expected.tables[table] === undefined || actual.tables[table] === undefined) other.push(`the table ${table}`);
  }
  if (expected.loads !== actual.loads) other.push(`${actual.loads} loads instead of ${expected.loads}`);
  for (const kind of ["states", "schemas"] as const) {
    if (JSON.stringify(expected[kind]) === JSON.stringify(actual[kind])) continue;
    other.push(`${kind}: ${actual[kind].join("; ")} instead of ${expected[kind].join("; ")}`);
  }
  return { lost, doubled, other };
}
