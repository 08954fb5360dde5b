import { cellKind } from "../load-package/cell-kind.ts";
import { isPlainIsoTimestamp } from "../schema/temporal.ts";
import { childId, writeRandomId } from "../util/row-id.ts";
import type { KeyPlan, ObjectPlan, TablePlan } from "./plan.ts";

/** Levels from which on no document in practice uses them up. */
const deepEnough = 100;

type Row = Record<string, unknown>;

/** An id: bytes where it is ours, the text where a document brought it. */
type RowId = Uint8Array | string;

/** Lists of the row at hand, to be written after it: a plan, a list, a plan, a list. */
type Lists = (TablePlan | readonly unknown[])[];

/**
 * Writes one document by its plan: each value is checked against its column, and counting the keys proves that none
 * is unknown.
 * @param rootId the row's id where it is a hash and the document brings none; without it one is drawn
 * @param mark what all rows of the document get in the cell for it
 * @returns `false` where anything does not fit; then nothing that was written counts, and the caller rolls back.
 */
export function walkRoot(
  plan: TablePlan,
  document: unknown,
  rootId: string | undefined,
  mark: Uint8Array | undefined,
): boolean {
  const { system } = plan;
  if (system === undefined || typeof document !== "object" || document === null || !isPlainObject(document))
    return false;
  const lists: Lists = [];
  if (!fill(plan, plan.root, document as Row, lists)) return false;
  const { id: idSlot } = system;
  const own = plan.slots[idSlot];
  let id: RowId;
  if (typeof own === "string" && own !== "") id = own;
  else {
    if (rootId === undefined) writeRandomId(plan.id, 0);
    else for (let i = 0; i < plan.id.length; i++) plan.id[i] = rootId.charCodeAt(i);
    id = plan.id;
  }
  plan.slots[idSlot] = id;
  if (mark !== undefined) plan.slots[system.mark] = mark;
  if (!writeRow(plan)) return false;
  return writeLists(lists, id, id, mark);
}

/** Puts the values of an object into the cells of its row. */
function fill(table: TablePlan, plan: ObjectPlan, object: Row, lists: Lists): boolean {
  const { keys } = plan;
  let found = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const value = object[key.key];
    if (value === undefined) continue;
    found++;
    if (value === null) {
      if (!key.nullable) return false;
      continue;
    }
    if (!put(table, key, value, lists)) return false;
  }
  let present = 0;
  for (const _ in object) present++;
  return present === found;
}

function put(table: TablePlan, key: KeyPlan, value: unknown, lists: Lists): boolean {
  if (key.ambiguous) return false;
  switch (typeof value) {
    case "string":
      if (key.kind === cellKind.text) break;
      if (key.kind === cellKind.timestamp && isPlainIsoTimestamp(value)) break;
      return false;
    case "number":
      if (key.kind === cellKind.double) {
        if (Number.isFinite(value)) break;
        return false;
      }
      if (key.kind === cellKind.bigint && Number.isSafeInteger(value)) break;
      return false;
    case "boolean":
      if (key.kind === cellKind.bool) break;
      return false;
    case "object":
      if (key.json) return false;
      if (Array.isArray(value)) {
        // An empty list leaves no trace.
        if (value.length === 0) return true;
        if (key.list === undefined) return false;
        lists.push(key.list, value);
        return true;
      }
      if (key.object === undefined || !isPlainObject(value!)) return false;
      return fill(table, key.object, value as Row, lists);
    default:
      return false;
  }
  table.slots[key.slot] = value;
  return true;
}

/** What `JSON.parse` makes, and what a user's literal is: no dates, bytes, maps, class instances. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Writes the cells as a row, and empties them. */
function writeRow(plan: TablePlan): boolean {
  const { slots, kinds, required } = plan;
  for (let i = 0; i < required.length; i++) if (slots[required[i]!] === null) return false;
  plan.file.buffer.row(slots, kinds);
  return true;
}

function writeLists(lists: Lists, parentId: RowId, rootId: RowId, mark: Uint8Array | undefined): boolean {
  for (let i = 0; i < lists.length; i += 2) {
    const plan = lists[i] as TablePlan;
    const items = lists[i + 1] as readonly unknown[];
    for (let index = 0; index < items.length; index++) {
      if (!walkChild(plan, items[index], parentId, rootId, index, mark)) return false;
    }
  }
  return true;
}

function walkChild(
  plan: TablePlan,
  item: unknown,
  parentId: RowId,
  rootId: RowId,
  index: number,
  mark: Uint8Array | undefined,
): boolean {
  const lists: Lists = [];
  const { slots, system } = plan;
  if (system === undefined) return false;
  if (typeof item === "object" && item !== null) {
    if (Array.isArray(item)) {
      const wrapper = plan.root.byKey.get("list");
      if (wrapper?.list === undefined || wrapper.ambiguous) return false;
      // The row between the lists costs a level, which only the exact way counts.
      if (plan.root.level < deepEnough) return false;
      if (item.length > 0) lists.push(wrapper.list, item);
    } else if (!isPlainObject(item) || !fill(plan, plan.root, item as Row, lists)) return false;
  } else if (item !== null) {
    const value = plan.root.byKey.get("value");
    if (value === undefined || !put(plan, value, item, lists)) return false;
  }
  // A nested row that brings an id of its own has neither parent id nor index.
  if (slots[system.id] !== null) return false;
  let id: RowId;
  if (typeof parentId === "string") id = childId(parentId, plan.table, index);
  else {
    plan.childIds.write(parentId, 0, index, plan.id, 0);
    ({ id } = plan);
  }
  slots[system.id] = id;
  slots[system.parentId] = parentId;
  slots[system.listIndex] = index;
  if (system.rootId >= 0) slots[system.rootId] = rootId;
  if (mark !== undefined) slots[system.mark] = mark;
  if (!writeRow(plan)) return false;
  return writeLists(lists, id, rootId, mark);
}
