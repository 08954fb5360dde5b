import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { FluentResource } from "../../src/resource/index.ts";
import { restApi, rowType } from "../../src/sources/rest-api/index.ts";

interface Product {
  readonly id: number;
  readonly seller: { readonly name: string };
}

const client = { baseUrl: "https://api.example.com/v1/" };

describe("restApi", () => {
  test("knows the names, tables and rows of its resources, in their order", () => {
    const source = restApi({
      name: "shop",
      client,
      resources: [
        "users",
        { name: "products", row: rowType<Product>(), endpoint: { path: "products", dataSelector: "data" } },
        { name: "orders", tableName: "all_orders", schema: z.object({ id: z.string(), total: z.number() }) },
      ],
    });
    expectTypeOf(source.name).toEqualTypeOf<"shop">();
    expectTypeOf(source.resources).toEqualTypeOf<
      readonly [
        FluentResource<"users", unknown, "users">,
        FluentResource<"products", Product, "products">,
        FluentResource<"orders", { id: string; total: number }, "all_orders">,
      ]
    >();
    expectTypeOf(source.withResources("orders").resources).toEqualTypeOf<
      readonly [FluentResource<"orders", { id: string; total: number }, "all_orders">]
    >();
    // @ts-expect-error There is no such resource.
    source.withResources("order");
  });

  test("accepts references to resources that are there, before or after", () => {
    restApi({
      name: "shop",
      client,
      resources: [
        {
          name: "lines",
          endpoint: {
            path: "orders/{resources.orders.id}/lines",
            method: "POST",
            params: { seller: "{resources.orders.seller[0].id}", literal: "{{resources.nobody.id}}" },
            headers: { "X-Order": "{resources.orders.id}" },
            json: { deep: [{ id: "{resources.orders.id}" }] },
          },
        },
        "orders",
        { name: "details", endpoint: "orders/{resources.orders.id}" },
      ],
    });
  });

  test("does not compile with a reference to a resource that is not there", () => {
    restApi({
      name: "shop",
      client,
      resources: [
        "orders",
        // @ts-expect-error There is no resource "order".
        { name: "lines", endpoint: "orders/{resources.order.id}/lines" },
        // @ts-expect-error The same in an endpoint's path.
        { name: "a", endpoint: { path: "orders/{resources.order.id}/lines" } },
        // @ts-expect-error The same in params, at the second reference of a text.
        { name: "b", endpoint: { params: { id: "{resources.orders.id}-{resources.order.id}" } } },
        // @ts-expect-error The same in headers.
        { name: "c", endpoint: { headers: { id: "{resources.order.id}" } } },
        // @ts-expect-error The same deep in a body.
        { name: "d", endpoint: { json: { deep: [{ id: "{resources.order.id}" }] } } },
        // @ts-expect-error A reference without a field.
        { name: "e", endpoint: "orders/{resources.orders}" },
      ],
    });
  });

  test("checks the field where the parent's rows are typed", () => {
    restApi({
      name: "shop",
      client,
      resources: [
        { name: "products", row: rowType<Product>() },
        { name: "orders", schema: z.object({ id: z.string() }) },
        { name: "untyped" },
        { name: "a", endpoint: "x/{resources.products.id}/{resources.products.seller.name}" },
        { name: "b", endpoint: "x/{resources.untyped.anything}/{resources.untyped.'x y'}" },
        // @ts-expect-error The rows of "products" have no field "idd".
        { name: "c", endpoint: "x/{resources.products.idd}" },
        // @ts-expect-error The rows of "orders" have no field "total".
        { name: "d", endpoint: { params: { total: "{resources.orders.total}" } } },
      ],
    });
  });

  test("refuses what is no configuration", () => {
    // @ts-expect-error There is no write disposition "upsert".
    restApi({ name: "shop", client, resources: [{ name: "a", writeDisposition: "upsert" }] });
    // @ts-expect-error An offset needs its limit.
    restApi({ name: "shop", client, resources: [{ name: "a", endpoint: { paginator: { type: "offset" } } }] });
    // @ts-expect-error PUT does not read.
    restApi({ name: "shop", client, resources: [{ name: "a", endpoint: { method: "PUT" } }] });
    // @ts-expect-error The base URL is missing.
    restApi({ name: "shop", client: {}, resources: [] });
  });
});
