import { LadingError } from "../errors/index.ts";
import { stringify } from "../util/json-text.ts";
import type { Json } from "../util/json-value.ts";
import { checkContract } from "./check-contract.ts";
import { checkDisposition } from "./check-disposition.ts";
import { checkKeys, checkName, hintKeys } from "./check-keys.ts";
import { childItems, childItemsOfAll } from "./child-items.ts";
import { standaloneContext, type FunctionContext } from "./context.ts";
import { fieldOfPath } from "./cursor-path.ts";
import type { Definition } from "./definition.ts";
import { filterStep } from "./filter-step.ts";
import type { ResourceHints, TableName } from "./hints.ts";
import type { Incremental } from "./incremental.ts";
import { checkedLimit, type LimitOptions } from "./limit.ts";
import { mapStep } from "./map-step.ts";
import type { Page } from "./page.ts";
import { plainRows } from "./plain-rows.ts";
import { itemsOf, type Items } from "./read-items.ts";
import { readPages } from "./read-pages.ts";
import type { Resource, ResourceContext } from "./resource.ts";
import type { KeyOf } from "./row-of.ts";
import type { Transformer } from "./transformer.ts";
import { yieldMapStep } from "./yield-map-step.ts";

/**
 * A resource that can be refined. No method changes it: each gives a new one. `for await` reads its rows without a
 * pipeline.
 */
export interface FluentResource<Name extends string = string, Row = unknown, Table extends string = Name>
  extends Resource<Name, Row>, AsyncIterable<Row> {
  /** The table of a row as it was declared, not yet normalized: `tableName`, or the name. */
  tableOf(row: Row): Table;
  pages(context: ResourceContext): AsyncIterable<Page<Row>>;
  /**
   * Other rows in the place of these. What the function leaves alone keeps its digits; integers beyond 2^53 are
   * `bigint`s. A promise is waited for, one row after the other.
   */
  map<Next>(f: (row: Row) => Next): FluentResource<Name, Awaited<Next>, Table>;
  /** Only the rows for which the function says yes. */
  filter<Kept extends Row>(keeps: (row: Row) => row is Kept): FluentResource<Name, Kept, Table>;
  filter(keeps: (row: Row) => boolean | PromiseLike<boolean>): FluentResource<Name, Row, Table>;
  /** The rows that the function yields or returns for each row, in the row's place: none, one or several. */
  yieldMap<Next>(f: (row: Row) => YieldedRows<Next>): FluentResource<Name, Next, Table>;
  /**
   * Only so many pages, or see {@link LimitOptions}; counted after all else. Replaces an earlier limit. Not for transformers:
   * limit their parent.
   */
  addLimit(limit: number | LimitOptions): FluentResource<Name, Row, Table>;
  /** The resource that a transformer makes of this one's rows, as `this | transformer` does in dlt. */
  pipe<ChildName extends string, ChildRow, ChildTable extends string>(
    transformer: Transformer<ChildName, Row, ChildRow, ChildTable>,
  ): FluentResource<ChildName, ChildRow, ChildTable>;
  /** Other hints, or another name; what is not given stays. */
  with<const NewName extends string = Name, const NewTable extends string = Table>(
    changes: ResourceChanges<NewName, NewTable, Row>,
  ): FluentResource<NewName, Row, Renamed<Name, NewName, Table, NewTable>>;
}

/** The table after `with`: the one given, else the one that was given before, else the name. */
export type Renamed<Name extends string, NewName extends string, Table extends string, NewTable extends string> = [
  NewTable,
] extends [Table]
  ? [Table] extends [Name]
    ? NewName
    : Table
  : NewTable;

/** What a function may give for one row where it may be several. */
export type YieldedRows<Row> = Iterable<Row> | AsyncIterable<Row> | PromiseLike<Iterable<Row>>;

/** What `with` can change. */
export interface ResourceChanges<Name extends string, Table extends string, Row> extends ResourceHints<KeyOf<Row>> {
  readonly name?: Name;
  readonly tableName?: TableName<Table, Row>;
  /** `false`: it is read for its children only, and not loaded. */
  readonly selected?: boolean;
}

/** Makes the resource that a definition describes. The type parameters are the caller's promise. */
export function fluentResource<Name extends string, Row, Table extends string>(
  definition: Definition,
): FluentResource<Name, Row, Table> {
  return build(definition) as unknown as FluentResource<Name, Row, Table>;
}

type Refined = FluentResource<string, unknown, string>;

function build(definition: Definition): Refined {
  const { name, hints, selected, origin, incremental } = definition;
  checkDisposition(name, hints.writeDisposition);
  checkContract(`"${name}"`, hints.schemaContract);
  const cursorField = incremental && fieldOfPath(incremental.cursorPath);
  const pages = (context: ResourceContext): AsyncIterable<Page> => readPages(definition, context, open);
  return {
    name,
    hints,
    selected,
    tableOf: (row) => {
      const { tableName = name } = hints;
      return typeof tableName === "function" ? tableName(row) : tableName;
    },
    fingerprint: fingerprintOf(definition),
    pages,
    ...(cursorField !== undefined && { cursorPath: cursorField }),
    ...(origin.type === "parent" && {
      parent: origin.parent,
      pagesOf: (rows: readonly unknown[], context: ResourceContext): AsyncIterable<Page> =>
        readPages(definition, context, (own) => childItems(rows, origin, own)),
    }),
    async *[Symbol.asyncIterator]() {
      for await (const page of pages(standaloneContext())) yield* plainRows(page);
    },
    map: <Next>(f: (row: unknown) => Next) =>
      build({ ...definition, steps: [...definition.steps, mapStep(f)] }) as FluentResource<
        string,
        Awaited<Next>,
        string
      >,
    filter: (keeps: (row: unknown) => unknown): never =>
      build({ ...definition, steps: [...definition.steps, filterStep(keeps)] }) as never,
    yieldMap: <Next>(f: (row: unknown) => unknown) =>
      build({ ...definition, steps: [...definition.steps, yieldMapStep(f)] }) as FluentResource<string, Next, string>,
    addLimit: (limit: number | LimitOptions) => build({ ...definition, limit: limitOf(definition, limit) }),
    pipe(this: Resource, { definition: child }: Pick<Transformer, "definition">) {
      return build({ ...child, origin: { ...child.origin, parent: this } }) as never;
    },
    with: (changes: ResourceChanges<string, string, unknown>) => build(changed(definition, changes)) as never,
  };

  async function open(context: FunctionContext): Promise<Items> {
    if (origin.type === "parent") return childItemsOfAll(origin, context);
    // What is found out is read by what was found.
    if (origin.type === "found") return [];
    return itemsOf(await origin.read(context), name);
  }
}

function limitOf({ name, origin }: Definition, limit: number | LimitOptions): LimitOptions {
  if (origin.type === "parent") {
    throw new LadingError("INVALID_ARGUMENT", `"${name}" is a transformer, which cannot be limited`, {
      hint: "Limit the resource that it reads from.",
    });
  }
  return checkedLimit(name, limit);
}

export function changed<Kind extends Omit<Definition, "origin">>(
  definition: Kind,
  changes: ResourceChanges<string, string, unknown>,
): Kind {
  checkKeys(`"${definition.name}".with()`, changes, ["name", "selected", ...hintKeys]);
  const { name = definition.name, selected = definition.selected, ...hints } = changes;
  checkName("resource", name);
  return { ...definition, name, selected, hints: { ...definition.hints, ...hints } };
}

/** What can be said of a resource as data: its functions cannot. */
function fingerprintOf({ name, steps, limit, incremental, fingerprint = null }: Definition): Json {
  return {
    name,
    origin: fingerprint,
    steps: steps.length,
    limit: limit === undefined ? null : { ...limit },
    incremental: incremental ? stringify({ path: incremental.cursorPath, ...plainSettings(incremental) }) : null,
  };
}

function plainSettings({ settings }: Incremental): object {
  const { lastValueFunc, ...rest } = settings;
  return { ...rest, lastValueFunc: typeof lastValueFunc === "function" ? "function" : lastValueFunc };
}
