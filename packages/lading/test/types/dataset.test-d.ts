import { describe, expectTypeOf, test } from "vitest";
import {
  createDataset,
  type NestedColumns,
  type RootColumns,
  type TablesOf,
  type UntypedRow,
} from "../../src/dataset/index.ts";
import type { SnakeCase } from "../../src/dataset/snake-case.ts";
import type { Destination } from "../../src/destination/destination.ts";
import type { SqlReader } from "../../src/destination/sql-reader.ts";
import { pipeline, type Pipeline } from "../../src/pipeline/index.ts";
import { resource, source, transformer, type Resource, type Source } from "../../src/resource/index.ts";

type Flat<Row> = { readonly [Key in keyof Row]: Row[Key] };

describe("SnakeCase", () => {
  test("names columns as dlt does", () => {
    expectTypeOf<SnakeCase<"placedAt">>().toEqualTypeOf<"placed_at">();
    expectTypeOf<SnakeCase<"id">>().toEqualTypeOf<"id">();
    expectTypeOf<SnakeCase<"HTTPStatus">>().toEqualTypeOf<"http_status">();
    expectTypeOf<SnakeCase<"userID">>().toEqualTypeOf<"user_id">();
    expectTypeOf<SnakeCase<"snake_case">>().toEqualTypeOf<"snake_case">();
    expectTypeOf<SnakeCase<"A__B">>().toEqualTypeOf<"a_b">();
    expectTypeOf<SnakeCase<"a-b c">>().toEqualTypeOf<"a_b_c">();
    expectTypeOf<SnakeCase<"+1">>().toEqualTypeOf<"x1">();
    expectTypeOf<SnakeCase<"1st">>().toEqualTypeOf<"_1st">();
    expectTypeOf<SnakeCase<"last_">>().toEqualTypeOf<"lastx">();
    expectTypeOf<SnakeCase<string>>().toEqualTypeOf<string>();
  });
});

interface Order {
  id: number;
  placedAt: Date;
  customer: { name: string; tags: string[]; address?: { zipCode: string } };
  total: number | null;
  note?: string;
  serial: bigint;
  lines: { sku: string; quantity: number; discounts: { percent: number }[] }[];
  extra: unknown;
  labels: Record<string, string>;
}

declare const destination: Destination;
declare const orders: readonly Order[];
const orderResource = resource({ name: "Orders", primaryKey: "id" }, orders);
type Tables = TablesOf<typeof orderResource>;

describe("TablesOf", () => {
  test("flattens objects, makes tables of lists, and adds the columns of dlt", () => {
    expectTypeOf<keyof Tables>().toEqualTypeOf<
      "orders" | "orders__customer__tags" | "orders__lines" | "orders__lines__discounts"
    >();
    type Row = Tables["orders"];
    expectTypeOf<Row["id"]>().toEqualTypeOf<number>();
    expectTypeOf<Row["placed_at"]>().toEqualTypeOf<Date>();
    expectTypeOf<Row["customer__name"]>().toEqualTypeOf<string>();
    expectTypeOf<Row["customer__address__zip_code"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Row["total"]>().toEqualTypeOf<number | null>();
    expectTypeOf<Row["note"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Row["serial"]>().toEqualTypeOf<number>();
    expectTypeOf<Row["extra"]>().toEqualTypeOf<unknown>();
    expectTypeOf<Row["labels__colour"]>().toEqualTypeOf<unknown>();
    expectTypeOf<Row["_dlt_id"]>().toEqualTypeOf<string>();
    expectTypeOf<Row["_dlt_load_id"]>().toEqualTypeOf<string>();
    expectTypeOf<Tables["orders__lines"]>().toEqualTypeOf<Flat<{ sku: string; quantity: number } & NestedColumns>>();
    expectTypeOf<Tables["orders__customer__tags"]>().toEqualTypeOf<Flat<{ value: string } & NestedColumns>>();
    expectTypeOf<Tables["orders__lines__discounts"]>().toEqualTypeOf<Flat<{ percent: number } & NestedColumns>>();
  });

  test("lists of lists have a table for each level", () => {
    const grids = resource("grids", [{ id: 1, cells: [[1, 2], [3]] }]);
    type Grids = TablesOf<typeof grids>;
    expectTypeOf<keyof Grids>().toEqualTypeOf<"grids" | "grids__cells" | "grids__cells__list">();
    expectTypeOf<Grids["grids__cells__list"]["value"]>().toEqualTypeOf<number>();
  });

  test("takes sources, lists and transformers", () => {
    const details = transformer({ name: "details", from: orderResource }, ({ id }) => ({ id, weight: 1 }));
    const shop = source("shop", [resource("products", [{ sku: "A" }]), details]);
    type Shop = TablesOf<typeof shop>;
    expectTypeOf<keyof Shop>().toEqualTypeOf<"products" | "details">();
    expectTypeOf<Shop["details"]>().toEqualTypeOf<Flat<{ id: number; weight: number } & RootColumns>>();
    const chosen = shop.withResources("products");
    expectTypeOf<keyof TablesOf<typeof chosen>>().toEqualTypeOf<"products">();
    type List = TablesOf<readonly [typeof shop, typeof orderResource]>;
    expectTypeOf<List["products"]["sku"]>().toEqualTypeOf<string>();
    expectTypeOf<List["orders"]["id"]>().toEqualTypeOf<number>();
    const farm = source("farm", [resource("cows", [{ name: "Bess" }])]);
    const both = pipeline({ name: "both", source: [shop, farm], destination });
    type Both = typeof both extends Pipeline<infer S> ? TablesOf<S> : never;
    expectTypeOf<keyof Both>().toEqualTypeOf<"products" | "details" | "cows">();
    expectTypeOf<Both["cows"]["name"]>().toEqualTypeOf<string>();
    // @ts-expect-error sources and resources do not go into one list
    pipeline({ name: "both", source: [shop, orderResource], destination });
  });

  test("uses the name of the table where one was given", () => {
    const log = resource({ name: "events", tableName: "EventLog" }, [{ id: 1 }]);
    expectTypeOf<keyof TablesOf<typeof log>>().toEqualTypeOf<"event_log">();
  });

  test("knows the tables that a function names, where it says which", () => {
    const rows = [{ id: 1, tags: ["a"] }];
    const some = resource({ name: "some", tableName: ({ id }) => (id > 1 ? "many" : "oneOnly") }, rows);
    expectTypeOf<keyof TablesOf<typeof some>>().toEqualTypeOf<"many" | "one_only" | "many__tags" | "one_only__tags">();
    const any = resource({ name: "any", tableName: ({ id }) => `of_${String(id)}` }, rows);
    type Any = TablesOf<typeof any>;
    expectTypeOf<string>().toExtend<keyof Any>();
    expectTypeOf<Any["of_1__tags"]>().toEqualTypeOf<UntypedRow>();
  });

  test("leaves rows of which nothing is known untyped, with any nested table", () => {
    type Untyped = TablesOf<Source<"api", readonly [Resource<"users">]>>;
    expectTypeOf<Untyped["users"]>().toEqualTypeOf<UntypedRow>();
    expectTypeOf<Untyped["users__tags"]>().toEqualTypeOf<UntypedRow>();
    expectTypeOf<TablesOf<Source>[string]>().toEqualTypeOf<UntypedRow>();
  });

  test("ends where rows contain themselves", () => {
    interface Node {
      name: string;
      children: Node[];
    }
    const nodes = resource("nodes", [] as Node[]);
    type Nodes = TablesOf<typeof nodes>;
    expectTypeOf<Nodes["nodes__children__children"]["name"]>().toEqualTypeOf<string>();
  });

  test("rows of several shapes have the columns of all", () => {
    type Shape = { kind: "circle"; radius: number } | { kind: "square"; side: number };
    const shapes = resource("shapes", [] as Shape[]);
    type Row = TablesOf<typeof shapes>["shapes"];
    expectTypeOf<Row["kind"]>().toEqualTypeOf<"circle" | "square">();
    expectTypeOf<Row["radius"]>().toEqualTypeOf<number | null>();
    expectTypeOf<Row["side"]>().toEqualTypeOf<number | null>();
  });
});

describe("Dataset", () => {
  const data = createDataset<Tables>(() => Promise.reject<SqlReader>(new Error("types only")));

  test("knows tables and columns", () => {
    const some = data
      .table("orders")
      .where("total", ">", 100)
      .orderBy("placed_at", "desc")
      .select("id", "customer__name");
    expectTypeOf(some.rows()).resolves.toEqualTypeOf<{ readonly id: number; readonly customer__name: string }[]>();
    expectTypeOf(data.table("_dlt_loads").select("load_id").rows()).resolves.toEqualTypeOf<
      { readonly load_id: string }[]
    >();
    data.table("orders").where("id", "in", [1, 2n]).where("note", "is not", null).where("note", "like", "%x%");
    data.table("orders").where("placed_at", ">=", new Date(0));
  });

  test("refuses mistakes", () => {
    // @ts-expect-error no such table
    data.table("order");
    // @ts-expect-error no such column
    data.table("orders").select("customer");
    // @ts-expect-error no such column
    data.table("orders").where("placedAt", "=", new Date(0));
    // @ts-expect-error no such column
    data.table("orders").orderBy("sum");
    // @ts-expect-error a date compared with a text
    data.table("orders").where("placed_at", ">", "2024-01-01");
    // @ts-expect-error a number compared with a text
    data.table("orders").where("total", ">", "100");
    // @ts-expect-error null has an operator of its own
    data.table("orders").where("note", "=", null);
    // @ts-expect-error no such operator
    data.table("orders").where("total", "===", 100);
    // @ts-expect-error a list is needed
    data.table("orders").where("id", "in", 1);
  });

  test("without types every table is there", () => {
    const untyped = createDataset(() => Promise.reject<SqlReader>(new Error("types only")));
    expectTypeOf(untyped.table("anything").rows()).resolves.toEqualTypeOf<UntypedRow[]>();
  });

  test("rows of SQL have the type that was given", () => {
    expectTypeOf(data.sql<{ n: number }>`select 1 as n`.rows()).resolves.toEqualTypeOf<{ n: number }[]>();
  });
});
