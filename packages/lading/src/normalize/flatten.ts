import { preferredType } from "../schema/hints.ts";
import type { Schema } from "../schema/schema.ts";
import type { Value } from "../schema/values.ts";
import type { Exact, ExactObject } from "../util/exact.ts";
import { stringify } from "../util/json-text.ts";
import { childId } from "../util/row-id.ts";
import type { Names } from "./names.ts";

/** One row of one table, flattened and named, its types not yet looked at. */
export interface FlatRow {
  readonly table: string;
  /** The table that this one is nested in; `undefined` for a root table. */
  readonly parent: string | undefined;
  /** Values by column, in the order in which dlt has them: it decides the order of new columns. */
  readonly values: Map<string, Value>;
}

/** What is the same for all rows of a root table. */
export interface FlattenContext {
  readonly schema: Schema;
  readonly names: Names;
  readonly rootTable: string;
  /** The id of a root row that does not bring its own, from its document and its flattened values. */
  readonly rootId: (table: string, document: ExactObject, values: ReadonlyMap<string, Value>) => string;
}

/** Stands where a root row has its load id, which is known only when the package is sealed. */
export const loadIdPlaceholder = "<load id>";

interface Place {
  readonly table: string;
  readonly path: readonly string[];
  readonly parent: string | undefined;
  readonly parentId: string | undefined;
  readonly index: number;
  readonly level: number;
  readonly extend: ReadonlyMap<string, Value>;
  readonly isRoot: boolean;
}

/**
 * A document as rows of a root table and the tables nested in it, parents first, depth first (spec dlt-core 2).
 * The consumer answers `false` to {@link Iterator.next} where it refused a row: then its children are left out too.
 */
export function* flatten(document: Exact, context: FlattenContext): Generator<FlatRow, void, boolean | undefined> {
  const { schema, rootTable } = context;
  const level =
    schema.tables.get(rootTable)?.["x-normalizer"]?.max_nesting ?? schema.normalizers.json.config?.max_nesting ?? 1000;
  const row: ExactObject = document instanceof Map ? document : new Map([["value", document]]);
  yield* flattenRow(row, context, {
    table: rootTable,
    path: [rootTable],
    parent: undefined,
    parentId: undefined,
    index: 0,
    level,
    extend: new Map(),
    isRoot: true,
  });
}

function* flattenRow(
  row: ExactObject,
  context: FlattenContext,
  place: Place,
): Generator<FlatRow, void, boolean | undefined> {
  const { values, lists } = flattenObject(row, context, place.table, place.level);
  for (const [column, value] of place.extend) values.set(column, value);
  const isRoot = place.isRoot || !isNested(context.schema, place.table);
  if (isRoot) values.set("_dlt_load_id", loadIdPlaceholder);
  const own = values.get("_dlt_id");
  let id: string;
  if (isTruthy(own)) id = typeof own === "string" ? own : stringify(own);
  else id = addRowId(values, row, context, place, isRoot);

  const accepted = yield { table: place.table, parent: isRoot ? undefined : place.parent, values };
  if (accepted === false || lists.length === 0) return;

  const extend = propagated(context.schema, place.table, isRoot, values, place.extend);
  for (const { path, items } of lists) {
    const fullPath = [...place.path, ...path];
    yield* flattenList(items, context, {
      table: context.names.join(fullPath),
      path: fullPath,
      parent: context.names.join(place.path),
      parentId: id,
      index: 0,
      level: place.level - 1,
      extend,
      isRoot: false,
    });
  }
}

function* flattenList(
  items: readonly Exact[],
  context: FlattenContext,
  place: Place,
): Generator<FlatRow, void, boolean | undefined> {
  for (const [index, item] of items.entries()) {
    if (item instanceof Map) yield* flattenRow(item, context, { ...place, index });
    else if (Array.isArray(item)) {
      // A list in a list needs a row between them, which costs a level.
      yield* flattenRow(new Map([["list", item]]), context, { ...place, index, level: place.level - 1 });
    } else {
      const values = new Map<string, Value>([[context.names.column("value"), item], ...place.extend]);
      const isRoot = !isNested(context.schema, place.table);
      addRowId(values, new Map([["value", item]]), context, { ...place, index }, isRoot);
      yield { table: place.table, parent: isRoot ? undefined : place.parent, values };
    }
  }
}

interface Flattened {
  readonly values: Map<string, Value>;
  readonly lists: readonly { readonly path: readonly string[]; readonly items: readonly Exact[] }[];
}

/** Scalars first, then nested objects from the last to the first: dlt's order, which is hashed (spec dlt-core 2.3). */
function flattenObject(row: ExactObject, context: FlattenContext, table: string, topLevel: number): Flattened {
  const { schema, names } = context;
  const values = new Map<string, Value>();
  const lists = new Map<string, { path: readonly string[]; items: readonly Exact[] }>();
  const stack: { object: ExactObject; level: number; path: readonly string[] }[] = [
    { object: row, level: topLevel, path: [] },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    for (const [key, value] of top.object) {
      const name = names.part(key);
      const column = top.path.length === 0 ? names.column(key) : names.join([...top.path, name]);
      if (value instanceof Map) {
        if (!staysJson(schema, table, column, top.level)) {
          stack.push({ object: value, level: top.level - 1, path: [...top.path, name] });
          continue;
        }
      } else if (Array.isArray(value) && !staysJson(schema, table, column, top.level)) {
        const path = [...top.path, names.table(key)];
        lists.set(path.join("\u0000"), { path, items: value });
        continue;
      }
      values.set(column, value);
    }
  }
  return { values, lists: [...lists.values()] };
}

/** Whether an object or list stays one JSON value: too deep, or its column says so (spec dlt-core 2.3). */
export function staysJson(schema: Schema, table: string, column: string, level: number): boolean {
  if (level <= 0) return true;
  const type = schema.tables.get(table)?.columns.get(column)?.data_type ?? preferredType(schema.settings, column);
  return type === "json";
}

/** A table that the schema does not know yet, or knows with a parent; not one that hints made a root. */
function isNested(schema: Schema, table: string): boolean {
  const known = schema.tables.get(table);
  return known === undefined || known.parent !== undefined;
}

function addRowId(
  values: Map<string, Value>,
  document: ExactObject,
  context: FlattenContext,
  place: Place,
  isRoot: boolean,
): string {
  let id: string;
  if (isRoot) id = context.rootId(place.table, document, values);
  else {
    id = childId(place.parentId!, place.table, place.index);
    values.set("_dlt_parent_id", place.parentId!);
    values.set("_dlt_list_idx", BigInt(place.index));
  }
  values.set("_dlt_id", id);
  return id;
}

/** Values that all descendants of a row get: the root's id, where merging needs it (spec dlt-core 2.6). */
function propagated(
  schema: Schema,
  table: string,
  isRoot: boolean,
  values: ReadonlyMap<string, Value>,
  extend: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  const propagation = schema.normalizers.json.config?.propagation;
  if (propagation === undefined) return extend;
  const mapping = { ...(isRoot ? propagation.root : undefined), ...propagation.tables?.[table] };
  const result = new Map(extend);
  for (const [from, to] of Object.entries(mapping)) if (values.has(from)) result.set(to, values.get(from)!);
  return result;
}

/** Python's truth of a value: dlt keeps a row's own `_dlt_id` only where it is "true". */
function isTruthy(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false || value === "" || value === 0n) return false;
  return true;
}
