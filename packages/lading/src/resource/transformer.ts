import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LadingError } from "../errors/index.ts";
import { checkKeys, checkName, hintKeys } from "./check-keys.ts";
import type { FunctionContext } from "./context.ts";
import { stepsOf, type ContextOf, type RowFrom } from "./define-resource.ts";
import { fluentResource, type FluentResource } from "./fluent-resource.ts";
import type { ResourceHints, TableName } from "./hints.ts";
import type { Incremental } from "./incremental.ts";
import type { Resource } from "./resource.ts";
import type { CursorPathOf, KeyOf, RowOfResult } from "./row-of.ts";

/** What is said of a transformer beside its function. */
export interface TransformerOptions<
  Name extends string = string,
  ParentRow = unknown,
  Table extends string = string,
  Row = unknown,
  Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  Cursor extends Incremental | undefined = Incremental | undefined,
> extends ResourceHints<KeyOf<Row>> {
  readonly name: Name;
  /** The resource whose rows it is fed. */
  readonly from: Resource<string, ParentRow>;
  readonly tableName?: TableName<Table, Row>;
  readonly selected?: boolean;
  /** Checks and parses each row that the function gives. */
  readonly schema?: Schema;
  /** How many rows of the parent are worked on at a time; the order of the rows stays. Default: 1. */
  readonly concurrency?: number;
  /**
   * Reads only what is new: see {@link incremental}. There is one cursor for the rows of all parents: it begins at one
   * value for each of them, and the next run at the furthest of all.
   */
  readonly incremental?: Cursor & Incremental<CursorPathOf<Row>>;
}

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
): FluentResource<Name, RowFrom<Schema, RowOfResult<Result>>, Table> {
  const { name, from, schema, concurrency = 1, selected = true, incremental, ...hints } = options as TransformerOptions;
  checkName("transformer", name);
  checkKeys(`The transformer "${name}"`, hints, hintKeys);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new LadingError("INVALID_ARGUMENT", `concurrency of "${name}" must be a whole number, 1 or more`);
  }
  return fluentResource({
    name,
    hints,
    selected,
    steps: stepsOf(schema),
    ...(incremental && { incremental }),
    origin: {
      type: "parent",
      parent: from,
      each: f as (row: unknown, context: FunctionContext) => unknown,
      concurrency,
    },
  });
}
