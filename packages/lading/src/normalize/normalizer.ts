import { LadingError } from "../errors/index.ts";
import type { RowFile } from "../load-package/row-file.ts";
import { mergeTable } from "../schema/merge.ts";
import { marksRootRows, rootRowColumn } from "../schema/merge-strategy.ts";
import type { Schema, TableSchema } from "../schema/schema.ts";
import type { Exact, ExactObject } from "../util/exact.ts";
import type { CellRows, CellRowsColumn } from "../resource/cell-rows.ts";
import { fromPlain } from "../util/json.ts";
import { randomId, ROW_ID_LENGTH, writeRandomId } from "../util/row-id.ts";
import { coerceRow, refuseMissing, type CoercedRow, type CoerceOptions } from "./coerce-row.ts";
import { enforceContract, type Discarded } from "./enforce-contract.ts";
import { flatten, loadIdPlaceholder, staysJson, type FlatRow } from "./flatten.ts";
import {
  bindColumn,
  bindSystem,
  keyPlan,
  newObjectPlan,
  newTablePlan,
  slotOf,
  type KeyPlan,
  type ObjectPlan,
  type TablePlan,
} from "./plan.ts";
import { contentId, keyId, rootId, rootIdsOf, type RootIds } from "./root-id.ts";
import { columnsForCells, layOut, writeCells } from "./take-cells.ts";
import { walkRoot } from "./walk.ts";

/** Rows to normalize, and the same rows exactly where they came from JSON text. */
export interface NormalizerPage {
  readonly rows: readonly unknown[];
  readonly exact?: (() => readonly Exact[]) | undefined;
  /** The same rows as bytes. */
  readonly cells?: CellRows | undefined;
}

export interface NormalizerOptions extends CoerceOptions {
  /** What is known; it grows while rows are seen. */
  readonly schema: Schema;
  /** The row file of a table; made where it is asked for first. */
  readonly file: (table: string) => RowFile;
  /** The resource's table, normalized. */
  readonly rootTable: string;
  /** Told of each change of the schema, in order, so that it can be journaled and taken back. */
  readonly onChange: (partial: TableSchema) => void;
  /** Told of each row and each value that a contract leaves out. */
  readonly onDiscard?: (discarded: Discarded) => void;
  /** For tests: every row goes the exact way. */
  readonly exactOnly?: boolean;
}

/**
 * Turns the pages of one resource into rows of its tables. No I/O: rows go into buffers, changes of the schema into
 * the schema.
 *
 * The common row is written by its table's plan ({@link walkRoot}). A row that does not fit goes the exact way: it is
 * flattened, inferred and coerced as dlt does it, and the plan learns from it.
 */
export class Normalizer {
  readonly #options: NormalizerOptions;
  readonly #tables = new Map<string, TablePlan>();
  #root: TablePlan | undefined;
  readonly #rootIds: RootIds;
  /** Which root row the rows at hand belong to, where their files say so. */
  readonly #mark: Uint8Array | undefined;
  /** Columns of cells that can be taken as they are, where that was found so; nothing takes that back. */
  #cellColumns: readonly CellRowsColumn[] | undefined;
  /** Rows that went the exact way. */
  exactRows = 0;

  constructor(options: NormalizerOptions) {
    this.#options = options;
    const table = options.schema.tables.get(options.rootTable);
    this.#rootIds = rootIdsOf(table);
    this.#mark = table !== undefined && marksRootRows(table) ? new Uint8Array(ROW_ID_LENGTH) : undefined;
  }

  /** Normalizes a page; rows in the order in which they came. Throws with the row's index in `details.row`. */
  normalize(page: NormalizerPage): void {
    if (page.cells !== undefined && this.#takeCells(page.cells)) return;
    const hashes = this.#rootIds.kind !== "random";
    let exact: readonly Exact[] | undefined;
    for (let index = 0; index < page.rows.length; index++) {
      const row = page.rows[index];
      if (this.#mark !== undefined) writeRandomId(this.#mark, 0);
      if (!hashes && this.#walk(row, undefined)) continue;
      exact ??= page.exact?.();
      try {
        const document = exact === undefined ? undefined : exact[index]!;
        if (hashes && this.#root !== undefined) {
          const id = this.#hashedId(this.#root, row, document);
          if (id !== undefined && this.#walk(row, id)) continue;
        }
        this.#exactRow(document ?? fromPlain(row));
      } catch (error) {
        throw withRow(error, index);
      }
    }
  }

  /** @returns `false` where the values have to be looked at */
  #takeCells(cells: CellRows): boolean {
    const { schema, names, rootTable } = this.#options;
    const file = this.#options.file(rootTable);
    if (cells.columns !== this.#cellColumns) {
      // Other ids are made of values, and of each row.
      if (this.#rootIds.kind !== "random" || this.#mark !== undefined || this.#options.exactOnly === true) return false;
      const columns = columnsForCells(schema, names, rootTable, cells.columns);
      if (columns === undefined || !layOut(file, columns)) return false;
      this.#addSystemColumns();
      const plan = this.#tables.get(rootTable);
      if (plan !== undefined) for (const column of file.columns) slotOf(plan, column);
      this.#cellColumns = cells.columns;
    }
    writeCells(file, cells);
    return true;
  }

  /** Puts the columns of the normalizer's own into the table, as its first row does. No contract has a say in them. */
  #addSystemColumns(): void {
    const { schema, rootTable: table, onChange } = this.#options;
    const values = new Map([
      ["_dlt_load_id", loadIdPlaceholder],
      ["_dlt_id", randomId()],
    ]);
    const { partial } = coerceRow(this.#options, { table, parent: undefined, values });
    if (partial === undefined) return;
    onChange(partial);
    mergeTable(schema, partial);
  }

  /** The id of a document without flattening it; `undefined` where its key is not known, or does not stand at its top. */
  #hashedId(plan: TablePlan, row: unknown, exact: Exact | undefined): string | undefined {
    if (this.#rootIds.kind !== "key") {
      const document = exact ?? fromPlain(row);
      return document instanceof Map ? contentId(document) : undefined;
    }
    if (typeof row !== "object" || row === null || Array.isArray(row)) return undefined;
    const key: [string, Exact][] = [];
    for (const column of this.#rootIds.columns) {
      const owner = plan.file.hasColumn(column) ? plan.owners[plan.file.slotOf(column)] : undefined;
      if (owner === undefined || plan.root.byKey.get(owner.key) !== owner) return undefined;
      const value =
        exact instanceof Map
          ? (exact.get(owner.key) ?? null)
          : fromPlain((row as Readonly<Record<string, unknown>>)[owner.key] ?? null);
      // What is flattened, or becomes a table, leaves the column itself without a value.
      if (value instanceof Map || Array.isArray(value)) return undefined;
      key.push([column, value]);
    }
    return keyId(key);
  }

  #walk(row: unknown, id: string | undefined): boolean {
    const plan = this.#root;
    if (plan === undefined || this.#options.exactOnly === true) return false;
    for (const table of this.#tables.values()) table.file.buffer.mark();
    if (walkRoot(plan, row, id, this.#mark)) return true;
    for (const table of this.#tables.values()) {
      table.file.buffer.rollback();
      table.slots.fill(null);
    }
    return false;
  }

  #exactRow(document: Exact): void {
    this.exactRows++;
    const { schema, names, rootTable } = this.#options;
    const rows = flatten(document, {
      schema,
      names,
      rootTable,
      rootId: (table, row, values) =>
        rootId(table === rootTable ? this.#rootIds : rootIdsOf(schema.tables.get(table)), row, values),
    });
    for (let next = rows.next(); next.done !== true;) next = rows.next(this.#write(next.value));
    this.#learnDocument(document instanceof Map ? document : new Map([["value", document]]));
  }

  /** @returns whether the row was taken; of one that is discarded nothing that is nested in it is looked at */
  #write(row: FlatRow): boolean {
    const { schema } = this.#options;
    const coerced = coerceRow(this.#options, row);
    const { cells, partial, discarded } = isChange(coerced)
      ? enforceContract(schema, row, coerced)
      : { ...coerced, discarded: [] };
    if (cells !== undefined) refuseMissing(schema.tables.get(row.table), cells);
    if (partial !== undefined) {
      this.#options.onChange(partial);
      mergeTable(schema, partial);
    }
    for (const one of discarded) this.#options.onDiscard?.(one);
    if (cells === undefined) return false;
    const plan = this.#plan(row);
    const { file } = plan;
    for (const column of cells.keys()) if (!isLoadId(row, column)) slotOf(plan, column);
    const mark = this.#mark === undefined ? undefined : Buffer.from(this.#mark).toString("latin1");
    if (mark !== undefined) slotOf(plan, rootRowColumn);
    for (const column of file.columns) {
      const text = column === rootRowColumn ? mark : cells.get(column);
      if (text === undefined) file.buffer.null();
      else file.buffer.text(text);
    }
    file.buffer.endRow();
    // A nested table that hints made a root of its own has ids that the plan does not make.
    if (row.table === this.#options.rootTable || row.parent !== undefined) bindSystem(plan, schema);
    return true;
  }

  /** The plan of a row's table. Its path and level are set when the document is learnt. */
  #plan(row: FlatRow): TablePlan {
    let plan = this.#tables.get(row.table);
    if (plan === undefined) {
      const isRoot = row.parent === undefined;
      plan = newTablePlan({
        file: this.#options.file(row.table),
        path: [],
        level: 0,
        isRoot,
        hasRootId: row.values.has("_dlt_root_id"),
        marked: this.#mark !== undefined,
      });
      // Cells have laid out a file before its plan.
      for (const column of plan.file.columns) slotOf(plan, column);
      this.#tables.set(row.table, plan);
    }
    return plan;
  }

  #learnDocument(document: ExactObject): void {
    const { rootTable, schema } = this.#options;
    const plan = this.#tables.get(rootTable);
    if (plan === undefined) return;
    this.#root ??= this.#placed(plan, [rootTable], rootLevel(schema, rootTable));
    this.#learn(this.#root, this.#root.root, document);
  }

  /** Tells a plan where its table stands. */
  #placed(plan: TablePlan, path: readonly string[], level: number): TablePlan {
    const placed: TablePlan = { ...plan, path, root: newObjectPlan([], level) };
    this.#tables.set(plan.table, placed);
    return placed;
  }

  /** Goes through a document that was written the exact way, and binds its keys to cells. */
  #learn(table: TablePlan, plan: ObjectPlan, object: ExactObject): void {
    const { schema, names } = this.#options;
    for (const [key, value] of object) {
      const known = keyPlan(plan, key);
      const name = names.part(key);
      const column = plan.path.length === 0 ? names.column(key) : names.join([...plan.path, name]);
      if (isReserved(table, column)) known.ambiguous = true;
      known.json = staysJson(schema, table.table, column, plan.level);
      bindColumn(table, known, schema, column);
      if (known.json) continue;
      if (value instanceof Map) {
        known.object ??= newObjectPlan([...plan.path, name], plan.level - 1);
        this.#learn(table, known.object, value);
      } else if (Array.isArray(value) && value.length > 0) this.#learnList(table, plan, known, value);
    }
  }

  #learnList(table: TablePlan, plan: ObjectPlan, key: KeyPlan, items: readonly Exact[]): void {
    const path = [...table.path, ...plan.path, this.#options.names.table(key.key)];
    const child = this.#childPlan(table, key, path, table.root.level - 1);
    if (child === undefined) return;
    for (const item of items) {
      if (item instanceof Map) this.#learn(child, child.root, item);
      else if (Array.isArray(item)) this.#learn(child, child.root, new Map([["list", item]]));
      else if (item !== null) this.#learn(child, child.root, new Map([["value", item]]));
    }
  }

  #childPlan(table: TablePlan, key: KeyPlan, path: readonly string[], level: number): TablePlan | undefined {
    const name = this.#options.names.join(path);
    const owner = table.children.get(name);
    if (owner !== undefined && owner !== key) {
      owner.ambiguous = true;
      key.ambiguous = true;
    }
    table.children.set(name, key);
    let child = this.#tables.get(name);
    if (child === undefined) return undefined;
    if (child.path.length === 0) child = this.#placed(child, path, level);
    key.list = child;
    return child;
  }
}

function isChange(coerced: CoercedRow): coerced is CoercedRow & { readonly partial: TableSchema } {
  return coerced.partial !== undefined;
}

function rootLevel(schema: Schema, table: string): number {
  return schema.tables.get(table)?.["x-normalizer"]?.max_nesting ?? schema.normalizers.json.config?.max_nesting ?? 1000;
}

function isLoadId(row: FlatRow, column: string): boolean {
  return column === "_dlt_load_id" && row.values.get(column) === loadIdPlaceholder;
}

/** Columns that the normalizer fills itself; a document that brings them goes the exact way, but for a row's own id. */
function isReserved(table: TablePlan, column: string): boolean {
  if (!column.startsWith("_dlt_")) return false;
  return !(table.isRoot && column === "_dlt_id");
}

function withRow(error: unknown, row: number): unknown {
  if (!LadingError.is(error)) return error;
  return new LadingError(error.code, error.message, {
    cause: error.cause,
    hint: error.hint,
    details: { ...error.details, row },
  });
}
