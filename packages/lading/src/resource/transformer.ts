import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LadingError } from "../errors/index.ts";
import { checkKeys, checkName, hintKeys } from "./check-keys.ts";
import type { FunctionContext } from "./context.ts";
import { stepsOf, type ContextOf, type RowFrom } from "./define-resource.ts";
import { changed, fluentResource, type FluentResource, type Renamed, type ResourceChanges } from "./fluent-resource.ts";
import type { Definition, Origin } from "./definition.ts";
import type { ResourceHints, TableName } from "./hints.ts";
import type { Incremental } from "./incremental.ts";
import type { Resource } from "./resource.ts";
import type { CursorPathOf, KeyOf, RowOfResult } from "./row-of.ts";

/** What is said of a transformer that has no parent yet. */
export interface UnboundOptions<
  Name extends string = string,
  Table extends string = string,
  Row = unknown,
  Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  Cursor extends Incremental | undefined = Incremental | undefined,
> extends ResourceHints<KeyOf<Row>> {
  readonly name: Name;
  readonly tableName?: TableName<Table, Row>;
  readonly selected?: boolean;
  /** Checks and parses each row that the function gives. */
  readonly schema?: Schema;
  /** How many rows of the parent are worked on at a time. Default: 1. */
  readonly concurrency?: number;
  /**
   * Whether rows come in the order of the parent's rows they are made of; `false`: as they come, so that one that takes long
   * holds up no other. Then no order says which of two rows with one key came last. Default: `true`.
   */
  readonly ordered?: boolean;
  /**
   * Reads only what is new: see {@link incremental}. There is one cursor for the rows of all parents: it begins at one
   * value for each of them, and the next run at the furthest of all.
   */
  readonly incremental?: Cursor & Incremental<CursorPathOf<Row>>;
}

/** What is said of a transformer beside its function. */
export interface TransformerOptions<
  Name extends string = string,
  ParentRow = unknown,
  Table extends string = string,
  Row = unknown,
  Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  Cursor extends Incremental | undefined = Incremental | undefined,
> extends UnboundOptions<Name, Table, Row, Schema, Cursor> {
  /** The resource whose rows it is fed. */
  readonly from: Resource<string, ParentRow>;
}

/** A transformer that has no parent yet: `parent.pipe(transformer)` makes it a resource, of as many parents as wanted. */
export interface Transformer<
  Name extends string = string,
  ParentRow = never,
  Row = unknown,
  Table extends string = string,
> {
  readonly type: "transformer";
  readonly name: Name;
  /** Other hints, or another name; what is not given stays. */
  with<const NewName extends string = Name, const NewTable extends string = Table>(
    changes: ResourceChanges<NewName, NewTable, Row>,
  ): Transformer<NewName, ParentRow, Row, Renamed<Name, NewName, Table, NewTable>>;
  /** What it is but for the parent. */
  readonly definition: UnboundDefinition;
  /** Only a type: the rows that it takes, and those that it makes. */
  readonly rows?: (parent: ParentRow) => readonly [Row, Table];
}

type UnboundDefinition = Omit<Definition, "origin"> & {
  readonly origin: Omit<Extract<Origin, { readonly type: "parent" }>, "parent">;
};

/**
 * A resource that is made of the rows of another one.
 *
 * ```ts
 * const details = transformer({ name: "details", from: pokemon, primaryKey: "id" }, async (one, { signal }) => {
 *   const response = await fetch(one.url, { signal });
 *   return (await response.json()) as Details;
 * });
 * ```
 *
 * Without `from` it is given its parent later: `pokemon.pipe(details)`.
 *
 * @param f what becomes of one row of the parent: a row, a list, something that yields rows, a promise of these, or
 *   nothing (`null`, `undefined`)
 * @throws LadingError NAME_EMPTY, INVALID_ARGUMENT
 */
export function transformer<
  const Name extends string,
  ParentRow,
  Result,
  const Table extends string = Name,
  Schema extends StandardSchemaV1 | undefined = undefined,
  Cursor extends Incremental | undefined = undefined,
>(
  options: TransformerOptions<Name, ParentRow, Table, RowFrom<Schema, RowOfResult<Result>>, Schema, Cursor>,
  f: (row: ParentRow, context: ContextOf<Cursor>) => Result,
): FluentResource<Name, RowFrom<Schema, RowOfResult<Result>>, Table>;
export function transformer<
  const Name extends string,
  ParentRow,
  Result,
  const Table extends string = Name,
  Schema extends StandardSchemaV1 | undefined = undefined,
  Cursor extends Incremental | undefined = undefined,
>(
  options: UnboundOptions<Name, Table, RowFrom<Schema, RowOfResult<Result>>, Schema, Cursor>,
  f: (row: ParentRow, context: ContextOf<Cursor>) => Result,
): Transformer<Name, ParentRow, RowFrom<Schema, RowOfResult<Result>>, Table>;
export function transformer(
  options: UnboundOptions & { readonly from?: Resource },
  f: (row: never, context: never) => unknown,
): unknown {
  const { name, from, schema, concurrency = 1, ordered = true, selected = true, incremental, ...hints } = options;
  checkName("transformer", name);
  checkKeys(`The transformer "${name}"`, hints, hintKeys);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new LadingError("INVALID_ARGUMENT", `concurrency of "${name}" must be a whole number, 1 or more`);
  }
  if (!ordered && incremental?.settings.rowOrder !== undefined) {
    throw new LadingError("INVALID_ARGUMENT", `The rows of "${name}" come in no order, and its cursor has a rowOrder`, {
      hint: "Leave out one of `ordered: false` and `rowOrder`.",
    });
  }
  const definition: UnboundDefinition = {
    name,
    hints,
    selected,
    steps: stepsOf(schema),
    ...(incremental && { incremental }),
    origin: {
      type: "parent",
      each: f as (row: unknown, context: FunctionContext) => unknown,
      concurrency,
      ordered,
    },
  };
  if ("from" in options) return fluentResource({ ...definition, origin: { ...definition.origin, parent: from! } });
  return unbound(definition);
}

function unbound(definition: UnboundDefinition): Transformer {
  return {
    type: "transformer",
    name: definition.name,
    definition,
    with: (changes: ResourceChanges<string, string, unknown>) => unbound(changed(definition, changes)) as never,
  };
}
