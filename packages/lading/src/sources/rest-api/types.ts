import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { FluentResource, SelectableSource } from "../../resource/index.ts";
import type { Json } from "../../util/json-value.ts";
import type { RestApiConfig } from "./config.ts";
import type { RowType } from "./row-type.ts";

type Resources<Config> = Config extends { readonly resources: infer List extends readonly unknown[] }
  ? List
  : readonly [];

/** The name of one entry of `resources`. */
type NameOf<Entry> = Entry extends string
  ? Entry
  : Entry extends { readonly name: infer Name extends string }
    ? Name
    : never;

type TableOf<Entry> = Entry extends { readonly tableName: infer Table extends string } ? Table : NameOf<Entry>;

/** The rows of one entry: what its schema makes of them, else the type that it was given, else unknown. */
type RowOf<Entry> = Entry extends { readonly schema: infer Schema extends StandardSchemaV1 }
  ? StandardSchemaV1.InferOutput<Schema>
  : Entry extends { readonly row: RowType<infer Row> }
    ? Row
    : unknown;

/** The rows of each resource by its name. */
type RowsOf<Config> = {
  readonly [Entry in Resources<Config>[number] as NameOf<Entry>]: RowOf<Entry>;
};

/** The source that a configuration makes: its resources in order, with their names, tables and rows. */
export type RestApiSource<Config extends RestApiConfig> = SelectableSource<
  Config["name"],
  ResourcesOf<Config["resources"]>
>;

type ResourcesOf<List extends readonly unknown[]> = {
  readonly [Index in keyof List]: FluentResource<NameOf<List[Index]>, RowOf<List[Index]>, TableOf<List[Index]>>;
};

/** What stands between `{resources.` and `}` in a text. */
type ReferencesIn<Text extends string> = Text extends `${infer Before}{resources.${infer Reference}}${infer Rest}`
  ? // A doubled brace means itself.
    (Before extends `${string}{` ? never : Reference) | ReferencesIn<Rest>
  : never;

/** A field's name up to where a path goes on; nothing where it begins with a sign of its own. */
type FirstStep<Path extends string> = Path extends `${infer Step}.${string}`
  ? FirstStep<Step>
  : Path extends `${infer Step}[${string}`
    ? Step
    : Path;

/** What is wrong with a reference, or never. */
type Problem<Reference extends string, Rows> = Reference extends `${infer Parent}.${infer Field}`
  ? Parent extends keyof Rows
    ? FieldProblem<Rows[Parent], Parent, FirstStep<Field>>
    : `There is no resource "${Parent}".`
  : `"{resources.${Reference}}" should be {resources.<parent>.<field>}.`;

type FieldProblem<Row, Parent extends string, Field extends string> = unknown extends Row
  ? never
  : Field extends "" | "$" | `'${string}` | `"${string}`
    ? never
    : Row extends unknown
      ? Field extends keyof Row
        ? never
        : `The rows of "${Parent}" have no field "${Field}".`
      : never;

/** An object, not a text: a text intersected with another one would be `never`, and say nothing. */
type CheckedText<Text extends string, Rows> = [Problem<ReferencesIn<Text>, Rows>] extends [never]
  ? Text
  : Text & { readonly error: Problem<ReferencesIn<Text>, Rows> };

/** What is not written out (any JSON, any key) cannot be checked; to go into it would never end. */
type CheckedValue<Value, Rows> = Json extends Value
  ? Value
  : Value extends string
    ? CheckedText<Value, Rows>
    : Value extends Scalar | ((...args: never) => unknown)
      ? Value
      : Value extends readonly unknown[]
        ? { readonly [Index in keyof Value]: CheckedValue<Value[Index], Rows> }
        : string extends keyof Value
          ? Value
          : { readonly [Key in keyof Value]: CheckedValue<Value[Key], Rows> };

type Scalar = number | bigint | boolean | null | undefined;

type Templated = "path" | "params" | "headers" | "json";

type CheckedEndpoint<Endpoint, Rows> = Endpoint extends string
  ? CheckedText<Endpoint, Rows>
  : { readonly [Key in keyof Endpoint]: Key extends Templated ? CheckedValue<Endpoint[Key], Rows> : Endpoint[Key] };

type CheckedEntry<Entry, Rows> = Entry extends string
  ? Entry
  : { readonly [Key in keyof Entry]: Key extends "endpoint" ? CheckedEndpoint<Entry[Key], Rows> : Entry[Key] };

/** The configuration again, with an error at each text that refers to what is not there. */
export interface CheckedReferences<Config> {
  readonly resources: {
    readonly [Index in keyof Resources<Config>]: CheckedEntry<Resources<Config>[Index], RowsOf<Config>>;
  };
}
