import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LadingError } from "../errors/index.ts";
import { checkKeys, checkName, hintKeys } from "./check-keys.ts";
import type { FunctionContext } from "./context.ts";
import type { Origin } from "./definition.ts";
import { fluentResource, type FluentResource } from "./fluent-resource.ts";
import type { ResourceHints, TableName } from "./hints.ts";
import type { Incremental } from "./incremental.ts";
import type { PageStep } from "./page-step.ts";
import { isItems, itemsOf } from "./read-items.ts";
import type { CursorPathOf, Data, KeyOf, RowOf } from "./row-of.ts";
import { validateStep } from "./validate-step.ts";

/** What is said of a resource beside its data. */
export interface ResourceOptions<
  Name extends string = string,
  Table extends string = string,
  Row = unknown,
  Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  Cursor extends Incremental | undefined = Incremental | undefined,
> extends ResourceHints<KeyOf<Row>> {
  readonly name: Name;
  readonly tableName?: TableName<Table, Row>;
  /** `false`: it is read for its children only, and not loaded. Default: `true`. */
  readonly selected?: boolean;
  /** Checks and parses each row as it comes, before all other steps: a schema of zod, valibot, arktype, … */
  readonly schema?: Schema;
  /** Reads only what is new: see {@link incremental}. */
  readonly incremental?: Cursor & Incremental<CursorPathOf<Row>>;
}

/** The row type: what the schema makes of a row, else what is yielded. */
export type RowFrom<Schema, Given> = Schema extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<Schema> : Given;

/** What the function of a resource is given, by its cursor. */
export type ContextOf<Cursor> = FunctionContext<Cursor extends Incremental<string, infer Value> ? Value : undefined>;

/**
 * A resource: a name, and rows that become its table.
 *
 * ```ts
 * const players = resource({ name: "players", primaryKey: "id" }, async function* ({ signal }) {
 *   for await (const page of readPlayers({ signal })) yield page;
 * });
 * ```
 *
 * @param options its name, or its name with hints, a schema, a cursor
 * @param data rows, or a function that yields or returns them: anything (async) iterable. What is yielded may be a row,
 *   a list of rows, or a `page`. Use a function where a pipeline runs more than once: a generator can be read only once.
 * @throws LadingError NAME_EMPTY, INVALID_ARGUMENT
 */
export function resource<
  const Name extends string,
  Output extends Data,
  const Table extends string = Name,
  Schema extends StandardSchemaV1 | undefined = undefined,
  Cursor extends Incremental | undefined = undefined,
>(
  options: Name | ResourceOptions<Name, Table, RowFrom<Schema, RowOf<Output>>, Schema, Cursor>,
  data: Output | ((context: ContextOf<Cursor>) => Output | PromiseLike<Output>),
): FluentResource<Name, RowFrom<Schema, RowOf<Output>>, Table> {
  const {
    name,
    schema,
    incremental,
    selected = true,
    ...hints
  }: ResourceOptions = typeof options === "string" ? { name: options } : (options as ResourceOptions);
  checkName("resource", name);
  checkKeys(`The resource "${name}"`, hints, hintKeys);
  return fluentResource({
    name,
    hints,
    selected,
    steps: stepsOf(schema),
    ...(incremental && { incremental }),
    origin: originOf(data, name),
  });
}

/** The step of a schema, where there is one. */
export function stepsOf(schema: StandardSchemaV1 | undefined): readonly PageStep[] {
  return schema ? [validateStep(schema)] : [];
}

function originOf(data: unknown, name: string): Origin {
  if (typeof data === "function") {
    return { type: "function", read: data as (context: FunctionContext) => unknown };
  }
  const items = itemsOf(data, name);
  let isRead = false;
  return {
    type: "function",
    read: () => {
      if (isRead) {
        throw new LadingError("INVALID_ARGUMENT", `The data of "${name}" is a generator that was read already`, {
          hint: "Give the function that makes the generator: resource(name, function* () { … }).",
        });
      }
      isRead = isOneShot(items);
      return items;
    },
  };
}

/** A generator is its own iterator: what was taken from it is gone. */
function isOneShot(items: object): boolean {
  return isItems(items) && "next" in items && typeof items.next === "function";
}
