import type { DataType } from "../schema/data-type.ts";
import { rootRowColumn } from "../schema/merge-strategy.ts";
import type { ColumnSchema, Schema } from "../schema/schema.ts";
import { childIds, ROW_ID_LENGTH, type ChildIds } from "../util/row-id.ts";
import { cellKind, type CellKind } from "../load-package/cell-kind.ts";
import type { RowFile } from "../load-package/row-file.ts";

/** A key of a document that was seen, and what becomes of its values. */
export interface KeyPlan {
  readonly key: string;
  /** The cell of scalars, or -1 while only null, objects or lists were seen. */
  slot: number;
  kind: CellKind;
  nullable: boolean;
  /** Objects and lists stay one JSON value: the column says so, or the levels are used up. */
  json: boolean;
  /** Where an object under this key goes. */
  object: ObjectPlan | undefined;
  /** Where a list under this key goes. */
  list: TablePlan | undefined;
  /** Another key becomes the same column or table: only the exact way knows which one wins. */
  ambiguous: boolean;
}

/** An object in a document: the row itself, or one that is flattened into it. */
export interface ObjectPlan {
  /** Normalized names from the row down to this object. */
  readonly path: readonly string[];
  /** Levels of nesting that are left here. */
  readonly level: number;
  readonly keys: KeyPlan[];
  readonly byKey: Map<string, KeyPlan>;
}

/**
 * What is known of a table, in the form in which rows can be written without a look-up: every known key with its cell.
 * Correct as long as it stands: what does not fit it is thrown to the exact way, which mends the plan.
 */
export interface TablePlan {
  readonly table: string;
  readonly path: readonly string[];
  readonly isRoot: boolean;
  readonly root: ObjectPlan;
  readonly file: RowFile;
  /** Values of the row at hand, by cell. */
  readonly slots: unknown[];
  readonly kinds: CellKind[];
  /** Which key fills a cell, to find two that fill the same. */
  readonly owners: (KeyPlan | undefined)[];
  /** Which key leads to a nested table, to find two that lead to the same. */
  readonly children: Map<string, KeyPlan>;
  /** Cells that must not stay empty. */
  readonly required: number[];
  /** The root's id is in every row of the table. */
  readonly hasRootId: boolean;
  /** Every row says which root row it belongs to. */
  readonly marked: boolean;
  /** Cells of the columns that the normalizer fills itself. */
  /** `undefined`: rows of this table go the exact way. */
  system: SystemSlots | undefined;
  /** The id of the row at hand, where it was drawn or hashed: 14 characters of ASCII. */
  readonly id: Uint8Array;
  readonly childIds: ChildIds;
}

/** Cells of the row's own id, and in nested tables of the parent's, the position in the list, and the root's id. */
export interface SystemSlots {
  readonly id: number;
  readonly parentId: number;
  readonly listIndex: number;
  /** -1 where the root's id is not passed down. */
  readonly rootId: number;
  /** The cell that says which root row this one belongs to; -1 where none does. */
  readonly mark: number;
}

export function newObjectPlan(path: readonly string[], level: number): ObjectPlan {
  return { path, level, keys: [], byKey: new Map() };
}

/** The plan's key for a key of a document; made where it is new. */
export function keyPlan(plan: ObjectPlan, key: string): KeyPlan {
  let known = plan.byKey.get(key);
  if (known === undefined) {
    known = {
      key,
      slot: -1,
      kind: cellKind.exactOnly,
      nullable: true,
      json: false,
      object: undefined,
      list: undefined,
      // Such a key is found in every object; `in` and a look-up would lie.
      ambiguous: key in Object.prototype,
    };
    plan.byKey.set(key, known);
    plan.keys.push(known);
  }
  return known;
}

/** The cell kind of a column, as far as the fast path knows its type. */
function kindOf(column: ColumnSchema): CellKind {
  switch (column.data_type) {
    case "bigint":
      return column.precision === undefined || column.precision === 64 ? cellKind.bigint : cellKind.exactOnly;
    case "double":
      return cellKind.double;
    case "bool":
      return cellKind.bool;
    case "text":
      return column.precision === undefined ? cellKind.text : cellKind.exactOnly;
    case "timestamp":
      return (column.timezone ?? true) && (column.precision ?? 6) === 6 ? cellKind.timestamp : cellKind.exactOnly;
    default:
      return cellKind.exactOnly;
  }
}

/** Gives a key the cell of its column, where the column has a type by now. */
export function bindColumn(plan: TablePlan, key: KeyPlan, schema: Schema, column: string): void {
  const known = schema.tables.get(plan.table)?.columns.get(column);
  if (known?.data_type === undefined) return;
  const slot = slotOf(plan, column);
  const owner = plan.owners[slot];
  if (owner !== undefined && owner !== key) {
    owner.ambiguous = true;
    key.ambiguous = true;
  }
  plan.owners[slot] = key;
  key.slot = slot;
  key.kind = kindOf(known);
  key.nullable = known.nullable !== false;
  plan.kinds[slot] = key.kind;
  if (!key.nullable && !plan.required.includes(slot)) plan.required.push(slot);
}

/** The cell of a column; a new one stands at the end of the row. */
export function slotOf(plan: TablePlan, column: string): number {
  const slot = plan.file.slotOf(column);
  while (plan.slots.length <= slot) {
    plan.slots.push(null);
    plan.kinds.push(cellKind.exactOnly);
    plan.owners.push(undefined);
  }
  return slot;
}

/** A plan that knows nothing yet: its rows go the exact way until {@link bindSystem} has found the normalizer's columns. */
export function newTablePlan(options: {
  readonly file: RowFile;
  readonly path: readonly string[];
  readonly level: number;
  readonly isRoot: boolean;
  readonly hasRootId: boolean;
  readonly marked: boolean;
}): TablePlan {
  return {
    table: options.file.table,
    path: options.path,
    isRoot: options.isRoot,
    hasRootId: options.hasRootId,
    marked: options.marked,
    root: newObjectPlan([], options.level),
    file: options.file,
    slots: [],
    kinds: [],
    owners: [],
    children: new Map(),
    required: [],
    system: undefined,
    id: new Uint8Array(ROW_ID_LENGTH),
    childIds: childIds(options.file.table),
  };
}

/**
 * Finds the cells of the columns that the normalizer fills itself. Documents can bring columns of the same names: as
 * long as one of them is missing or has another type, the table's rows go the exact way.
 */
export function bindSystem(plan: TablePlan, schema: Schema): void {
  if (plan.system !== undefined) return;
  const columns = schema.tables.get(plan.table)?.columns;
  const wanted: (readonly [string, DataType])[] = [["_dlt_id", "text"]];
  if (!plan.isRoot) wanted.push(["_dlt_parent_id", "text"], ["_dlt_list_idx", "bigint"]);
  if (plan.hasRootId) wanted.push(["_dlt_root_id", "text"]);
  if (wanted.some(([name, type]) => columns?.get(name)?.data_type !== type)) return;
  const slots = wanted.map(([name, type]) => {
    const slot = slotOf(plan, name);
    plan.kinds[slot] = type === "text" ? cellKind.text : cellKind.bigint;
    return slot;
  });
  const [id = -1, parentId = -1, listIndex = -1, rootId = -1] = slots;
  const mark = plan.marked ? slotOf(plan, rootRowColumn) : -1;
  plan.system = { id, parentId, listIndex, rootId, mark };
}
