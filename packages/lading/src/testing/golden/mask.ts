import { compareCodePoints } from "../../util/python.ts";
import type { Observed, ObservedTable } from "./observe.ts";

type Row = readonly (string | null)[];

/**
 * Replaces what is drawn by chance by what is always the same: load ids by their number, ids of root rows by a number,
 * those of nested rows by their place (golden README, "Comparing"). Counts on from step to step.
 */
export class Masker {
  readonly #documentIds: ReadonlySet<string>;
  readonly #hashedIds: boolean;
  readonly #ids = new Map<string, string>();
  readonly #loads = new Map<string, string>();
  #next = 1;

  /** @param documentIds ids that the documents bring: they stay */
  constructor(documentIds: ReadonlySet<string>, hashedIds: boolean) {
    this.#documentIds = documentIds;
    this.#hashedIds = hashedIds;
  }

  mask(observed: Observed): Observed {
    for (const [load] of observed.loads ?? []) {
      if (!this.#loads.has(String(load))) this.#loads.set(String(load), `<load ${this.#loads.size + 1}>`);
    }
    const tables = Object.fromEntries(
      Object.entries(observed.tables).map(([name, table]) => [name, this.#withLoads(table)]),
    );
    this.#nameIds(tables);
    return {
      ...observed,
      tables: Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, this.#withIds(table)])),
      ...(observed.loads && { loads: observed.loads.map(([load, ...rest]) => [this.#load(load), ...rest]) }),
      ...(observed.states && {
        states: observed.states.map((state) => maskState({ ...state, load_id: this.#load(state["load_id"]) })),
      }),
    };
  }

  #load(id: unknown): unknown {
    return this.#loads.get(String(id)) ?? id;
  }

  #withLoads(table: ObservedTable): ObservedTable {
    const index = columnIndex(table, "_dlt_load_id");
    if (index < 0 || table.rows === undefined) return table;
    return {
      ...table,
      rows: table.rows.map((row) =>
        row.map((value, at) => (at === index ? (this.#load(value) as string | null) : value)),
      ),
    };
  }

  /** Gives every id that was drawn a name. */
  #nameIds(tables: Readonly<Record<string, ObservedTable>>): void {
    if (this.#hashedIds) return;
    const names = Object.keys(tables).toSorted(compareCodePoints);
    for (const name of names) {
      const table = tables[name]!;
      const id = columnIndex(table, "_dlt_id");
      if (id < 0 || columnIndex(table, "_dlt_parent_id") >= 0) continue;
      const drawn = (table.rows ?? []).filter((row) => this.#isDrawn(row[id]));
      const sorted = drawn
        .map((row) => ({ row, text: jsonText(row.filter((_, at) => at !== id)) }))
        .toSorted((a, b) => compareCodePoints(a.text, b.text));
      for (const { row } of sorted) this.#ids.set(row[id]!, `<id ${this.#next++}>`);
    }
    for (let found = true; found;) {
      found = false;
      for (const name of names) if (this.#nameNested(name, tables[name]!)) found = true;
    }
  }

  #isDrawn(id: string | null | undefined): id is string {
    return typeof id === "string" && !this.#documentIds.has(id) && !this.#ids.has(id);
  }

  #nameNested(name: string, table: ObservedTable): boolean {
    const [id, parent, index] = ["_dlt_id", "_dlt_parent_id", "_dlt_list_idx"].map((column) =>
      columnIndex(table, column),
    );
    if (parent! < 0) return false;
    let found = false;
    for (const row of table.rows ?? []) {
      const above = this.#ids.get(row[parent!] ?? "");
      const own = row[id!];
      if (above === undefined || !this.#isDrawn(own)) continue;
      this.#ids.set(own, `${above.slice(0, -1)} ${name} ${row[index!] ?? ""}>`);
      found = true;
    }
    return found;
  }

  #withIds(table: ObservedTable): ObservedTable {
    if (table.rows === undefined) return table;
    const columns = new Set(["_dlt_id", "_dlt_parent_id", "_dlt_root_id"].map((column) => columnIndex(table, column)));
    const rows = table.rows.map((row) =>
      row.map((value, at) => (columns.has(at) && value !== null ? (this.#ids.get(value) ?? value) : value)),
    );
    return { ...table, rows: rows.toSorted((a, b) => compareCodePoints(jsonText(a), jsonText(b))) };
  }
}

/** As Python's `json.dumps(row, ensure_ascii=False)` writes a row. */
function jsonText(row: Row): string {
  return `[${row.map((value) => JSON.stringify(value)).join(", ")}]`;
}

function columnIndex(table: ObservedTable, column: string): number {
  return table.columns.findIndex(([name]) => name === column);
}

/** The order of `unique_hashes` is arbitrary in dlt: sorted, and where it matters the state's hash is masked. */
function maskState(state: Record<string, unknown>): Record<string, unknown> {
  let several = false;
  const sort = (value: unknown, key?: string): unknown => {
    if (Array.isArray(value)) {
      if (key !== "unique_hashes") return value.map((one) => sort(one));
      if (value.length > 1) several = true;
      return (value as string[]).toSorted(compareCodePoints);
    }
    if (value instanceof Map)
      return new Map([...value].map(([name, one]) => [name as string, sort(one, name as string)]));
    return value;
  };
  const content = sort(state["state"]) as ReadonlyMap<string, unknown>;
  if (!several) return { ...state, state: content };
  return { ...state, version_hash: "<hash>", state: new Map([...content, ["_version_hash", "<hash>"]]) };
}
