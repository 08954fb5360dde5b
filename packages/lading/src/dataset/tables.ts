import type { Resource } from "../resource/resource.ts";
import type { Source } from "../resource/source.ts";
import type { SnakeCase } from "./snake-case.ts";

/** A row of which nothing is known. */
export type UntypedRow = Readonly<Record<string, unknown>>;

/** What is in every row of a resource's table. */
export interface RootColumns {
  readonly _dlt_id: string;
  readonly _dlt_load_id: string;
}

/** What is in every row of a table that was a list. */
export interface NestedColumns {
  readonly _dlt_id: string;
  readonly _dlt_parent_id: string;
  readonly _dlt_list_idx: number;
}

/** dlt's own tables, which are in every dataset (spec dlt-core 5.1). */
export interface SystemTables {
  readonly _dlt_loads: {
    readonly load_id: string;
    readonly schema_name: string | null;
    readonly status: number;
    readonly inserted_at: Date;
    readonly schema_version_hash: string | null;
  };
  readonly _dlt_version: {
    readonly version: number;
    readonly engine_version: number;
    readonly inserted_at: Date;
    readonly schema_name: string;
    readonly version_hash: string;
    readonly schema: string;
  };
  readonly _dlt_pipeline_state: {
    readonly version: number;
    readonly engine_version: number;
    readonly pipeline_name: string;
    readonly state: string;
    readonly created_at: Date;
    readonly version_hash: string | null;
  } & RootColumns;
}

/**
 * The tables that come of what a pipeline reads: a resource, a source, or a list of these. Nested objects become columns
 * `a__b`, lists tables `orders__lines`; names are in snake_case. Tables of untyped rows have untyped columns.
 *
 * A text that holds an ISO time lands in a timestamp column: it is read back as a `Date`, though its type here says
 * `string`. Make it a `Date` in the row, or give the column a `dataType`.
 */
export type TablesOf<Given> = Simplify<FromEntries<EntriesOf<ResourcesOf<Given>>>>;

type ResourcesOf<Given> =
  Given extends Source<string, infer Resources>
    ? Resources[number]
    : Given extends Resource
      ? Given
      : Given extends readonly (infer Item)[]
        ? ResourcesOf<Item>
        : never;

/** A name and a row, for each table. */
type EntriesOf<Given> =
  Given extends Resource<string, infer Row>
    ? Given extends { readonly selected: false }
      ? never
      : RootEntries<TableOf<Given>, Row>
    : never;

type FromEntries<Entry> = {
  readonly [
    One in Entry as One extends readonly [infer Name extends string, unknown] ? Name : never
  ]: One extends readonly [string, infer Row] ? Row : never;
};

/** The name of a resource's table; `string` where a function gives it and does not say which there are. */
type TableOf<Given extends Resource> = Given extends { tableOf(row: never): infer Table extends string }
  ? IsOpen<Table> extends true
    ? string
    : SnakeCase<Table>
  : SnakeCase<Given["name"]>;

/** Whether there is no end of names: `string`, or a template. */
type IsOpen<Name extends string> = {} extends Readonly<Record<Name, 1>> ? true : false;

/** Where a function names tables and does not say which, any name may be one, of rows or of what is nested in them. */
type RootEntries<Table extends string, Row> = string extends Table
  ? readonly [string, UntypedRow]
  : IsUntyped<Row> extends true
    ? readonly [Table, UntypedRow] | readonly [`${Table}__${string}`, UntypedRow]
    : readonly [Table, Simplify<Columns<Merged<Row>> & RootColumns>] | ListEntries<Table, Merged<Row>>;

/** Deeper lists have no types: rows that contain themselves would have no end. */
type MaxDepth = 6;

type Scalar = string | number | bigint | boolean | symbol | Date | Uint8Array | null | undefined;
type Present<Value> = Exclude<Value, null | undefined>;

type IsUntyped<Row> = unknown extends Row
  ? true
  : Row extends Scalar | readonly unknown[]
    ? true
    : string extends keyof Row
      ? true
      : false;

/** How a value lands: in a column, in several (an object), in a table of its own (a list), or it is not known. */
type Landing<Value> = unknown extends Value
  ? "unknown"
  : [Present<Value>] extends [never]
    ? "none"
    : [Present<Value>] extends [Scalar]
      ? "column"
      : [Present<Value>] extends [readonly unknown[]]
        ? "list"
        : [Present<Value>] extends [Scalar | readonly unknown[]]
          ? "unknown"
          : [Extract<Present<Value>, Scalar | readonly unknown[]>] extends [never]
            ? string extends keyof Present<Value>
              ? "open"
              : "object"
            : "unknown";

type AnyKeyOf<Row> = Row extends unknown ? keyof Row : never;

/** Rows of several shapes as one that has the keys of all. */
type Merged<Row> = {
  [Key in AnyKeyOf<Row> & string]: Row extends unknown ? (Key extends keyof Row ? Row[Key] : undefined) : never;
};

type IsOptional<Row, Key extends keyof Row> = null extends Row[Key] ? true : undefined extends Row[Key] ? true : false;

type Stored<Value> = Value extends bigint ? number : Value;

type Columns<
  Row,
  Prefix extends string = "",
  Nullable extends boolean = false,
  Depth extends 0[] = [],
> = Depth["length"] extends MaxDepth
  ? UntypedRow
  : UnionToIntersection<
      {
        [Key in keyof Row & string]-?: KeyColumns<
          Row[Key],
          `${Prefix}${SnakeCase<Key>}`,
          IsOptional<Row, Key> extends true ? true : Nullable,
          Depth
        >;
      }[keyof Row & string]
    >;

type KeyColumns<Value, Name extends string, Nullable extends boolean, Depth extends 0[]> = {
  readonly unknown: { readonly [One in Name]: unknown };
  readonly none: {};
  readonly column: { readonly [One in Name]: Stored<Present<Value>> | (Nullable extends true ? null : never) };
  readonly list: {};
  readonly open: { readonly [One in `${Name}__${string}`]: unknown };
  readonly object: Columns<Merged<Present<Value>>, `${Name}__`, Nullable, [...Depth, 0]>;
}[Landing<Value>];

type ListEntries<Table extends string, Row, Depth extends 0[] = []> = Depth["length"] extends MaxDepth
  ? never
  : { [Key in keyof Row & string]-?: KeyLists<Row[Key], `${Table}__${SnakeCase<Key>}`, Depth> }[keyof Row & string];

type KeyLists<Value, Table extends string, Depth extends 0[]> = {
  readonly unknown: never;
  readonly none: never;
  readonly column: never;
  readonly list: ListTable<Table, Present<Value> extends readonly (infer Item)[] ? Item : never, [...Depth, 0]>;
  readonly open: never;
  readonly object: ListEntries<Table, Merged<Present<Value>>, [...Depth, 0]>;
}[Landing<Value>];

/** The table of a list: of objects, of scalars (in `value`), or of lists (in `__list`). */
type ListTable<Table extends string, Item, Depth extends 0[]> = Depth["length"] extends MaxDepth
  ? never
  : {
      readonly unknown: readonly [Table, UntypedRow];
      readonly none: never;
      readonly column: readonly [
        Table,
        Simplify<{ readonly value: Stored<Present<Item>> | (null extends Item ? null : never) } & NestedColumns>,
      ];
      readonly list:
        | readonly [Table, NestedColumns]
        | ListTable<`${Table}__list`, Present<Item> extends readonly (infer Inner)[] ? Inner : never, [...Depth, 0]>;
      readonly open: readonly [Table, UntypedRow];
      readonly object:
        | readonly [Table, Simplify<Columns<Merged<Present<Item>>> & NestedColumns>]
        | ListEntries<Table, Merged<Present<Item>>, Depth>;
    }[Landing<Item>];

type UnionToIntersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  member: infer Intersection,
) => void
  ? Intersection
  : never;

type Simplify<Value> = { readonly [Key in keyof Value]: Value[Key] };
