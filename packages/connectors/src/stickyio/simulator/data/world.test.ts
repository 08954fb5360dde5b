import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Bundle, Customer, Order, Product, Subscription } from "../../rows.ts";
import { revisionOf, touched } from "./revision.ts";
import { rowText } from "./row-text.ts";
import { count, type TableName, tableNames, type World } from "./world.ts";

const seeds = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });

function world(seed: number, orders: number): World {
  return { seed, orders, touches: [], growths: [], bigIds: false };
}

function rows<Row>(of: World, table: TableName): Row[] {
  return Array.from({ length: count(table, of.orders) }, (_, index) => JSON.parse(rowText(of, table, index)) as Row);
}

function texts(of: World): string[] {
  return tableNames.flatMap((table) =>
    Array.from({ length: count(table, of.orders) }, (_, index) => rowText(of, table, index)),
  );
}

describe("the data", () => {
  it("are the same for the same seed and size", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 60 }), (seed, orders) => {
        expect(texts(world(seed, orders))).toEqual(texts(world(seed, orders)));
      }),
      { numRuns: 20 },
    );
  });

  it("are others for another seed", () => {
    expect(rowText(world(1, 10), "orders", 3)).not.toBe(rowText(world(2, 10), "orders", 3));
  });

  it("hang together: whatever a row refers to is there, and agrees", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 400 }), (seed, orders) => {
        const all = world(seed, orders);
        const customers = new Map(rows<Customer>(all, "customers").map((row) => [row.id, row]));
        const products = new Map(rows<Product>(all, "products").map((row) => [row.id, row]));
        const orderRows = new Map(rows<Order>(all, "orders").map((row) => [row.id, row]));
        const subscriptions = new Map(rows<Subscription>(all, "subscriptions").map((row) => [row.id, row]));
        const bundles = rows<Bundle>(all, "product_bundle_index");
        expect(customers.size).toBe(count("customers", orders));
        expect(subscriptions.size).toBe(count("subscriptions", orders));
        for (const order of orderRows.values()) {
          const customer = customers.get(order.customer_id);
          expect(customer?.email).toBe(order.email_address);
          expect(Date.parse(customer?.created_at ?? "")).toBeLessThan(Date.parse(order.time_stamp));
          for (const line of order.products) expect(products.get(line.product_id)?.name).toBe(line.name);
        }
        const rebills = [...orderRows.values()].filter((order) => order.parent_id !== null);
        for (const order of rebills) {
          const parent = orderRows.get(order.parent_id as number);
          expect(parent?.customer_id).toBe(order.customer_id);
          expect(parent?.products[0]?.subscription_id).toBe(order.products[0]?.subscription_id);
          expect(parent?.id).toBeLessThan(order.id);
        }
        const subscribed = [...orderRows.values()].flatMap((order) =>
          order.products.filter((line) => line.subscription_id !== null).map((line) => ({ order, line })),
        );
        for (const { order, line } of subscribed) {
          const subscription = subscriptions.get(line.subscription_id as string);
          expect(subscription?.product.id).toBe(line.product_id);
          expect(subscription?.customer_id).toBe(order.customer_id);
          expect(subscription?.billing_model.id).toBe(line.billing_model.id);
        }
        for (const subscription of subscriptions.values()) {
          const order = orderRows.get(subscription.order_id);
          expect(order?.products[0]?.subscription_id).toBe(subscription.id);
          expect(products.has(subscription.next_product.id)).toBe(true);
        }
        for (const bundle of bundles) {
          expect(products.get(bundle.product_id)?.is_bundle).toBe(1);
          expect(new Set(bundle.products.map((part) => part.product_id)).size).toBe(bundle.products.length);
          for (const part of bundle.products) expect(products.get(part.product_id)?.is_bundle).toBe(0);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("add up: the total of an order is made of its lines, shipping, tax and discount", () => {
    const cents = (text: string | null): number => Math.round(Number(text ?? "0") * 100);
    for (const order of rows<Order>(world(5, 200), "orders")) {
      const lines = order.products.reduce((sum, line) => sum + cents(line.price) * line.product_qty, 0);
      const charges = cents(order.shipping_amount) + cents(order.order_sales_tax_amount);
      expect(cents(order.order_total)).toBe(lines + charges - cents(order.coupon_discount_amount));
      expect(order.totals_breakdown.total).toBe(order.order_total);
    }
  });

  it("have what makes loading hard: nulls, empty lists, no dates, quotes, line ends and letters beyond ASCII", () => {
    const text = texts(world(1, 400)).join("\n");
    for (const part of ["null", "[]", '"0000-00-00"', '\\"', "\\n", "é", '"timezone_type":3', '""']) {
      expect(text).toContain(part);
    }
  });

  it("cost nothing beforehand: row nine million and something is there at once", () => {
    const order = JSON.parse(rowText(world(1, 10_000_000), "orders", 9_123_456)) as Order;
    expect(order.id).toBe(10_001 + 9_123_456);
  });

  it("carry whole numbers beyond 2^53 only where asked to", () => {
    expect(rowText({ ...world(1, 5), bigIds: true }, "orders", 4)).toContain(
      '"network_reference_id":9007199254741001}',
    );
    expect(rowText(world(1, 5), "orders", 4)).not.toContain("network_reference_id");
  });
});

describe("growing", () => {
  it("changes no row that was there, and takes none away", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (seed, orders, more) => {
        const before = world(seed, orders);
        const after = world(seed, orders + more);
        for (const table of tableNames) {
          expect(count(table, after.orders)).toBeGreaterThanOrEqual(count(table, before.orders));
          for (let index = 0; index < count(table, before.orders); index++) {
            expect(rowText(after, table, index)).toBe(rowText(before, table, index));
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("touching", () => {
  it("changes as many rows as asked, each once, and the same ones each time", () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 0, max: 200 }),
        fc.constantFrom(...tableNames),
        (seed, orders, n, table) => {
          const before = world(seed, orders);
          const after = touched(before, table, n, Date.UTC(2031, 0, 1));
          const changed = (of: World): number[] =>
            rows<{ id: unknown }>(of, table).flatMap((_, index) =>
              rowText(of, table, index) === rowText(before, table, index) ? [] : [index],
            );
          expect(changed(after)).toHaveLength(Math.min(n, count(table, orders)));
          expect(changed(touched(before, table, n, Date.UTC(2031, 0, 1)))).toEqual(changed(after));
          for (const other of tableNames.filter((name) => name !== table)) {
            expect(rows(after, other)).toEqual(rows(before, other));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("moves updated_at and the status of an order, and nothing of who bought what", () => {
    const at = Date.UTC(2031, 4, 6, 7, 8, 9, 123);
    const before = world(3, 50);
    const after = touched(before, "orders", 50, at);
    const later = rows<Order>(after, "orders");
    for (const [index, order] of rows<Order>(before, "orders").entries()) {
      const { updated_at, order_status: _, ...rest } = later[index] as Order;
      expect(updated_at.date).toBe("2031-05-06 07:08:09.123000");
      const { id, customer_id, products, order_total, cc_last_4, utm_info } = order;
      expect(rest).toMatchObject({ id, customer_id, products, order_total, cc_last_4, utm_info });
    }
    const moved = later.filter(
      (order, index) => order.order_status !== rows<Order>(before, "orders")[index]?.order_status,
    );
    expect(moved.length).toBeGreaterThan(20);
  });

  it("touches every row of the largest table there can be", () => {
    const all = touched(world(9, 1_000_000_000), "orders", 1_000_000_000, 0);
    const most = touched(world(9, 1_000_000_000), "orders", 999_999_999, 0);
    const indexes = Array.from({ length: 200 }, (_, k) => k * 4_999_999 + 12_345);
    expect(indexes.every((index) => revisionOf(all, "orders", index).times === 1)).toBe(true);
    expect(indexes.filter((index) => revisionOf(most, "orders", index).times === 0).length).toBeLessThan(2);
  });

  it("moves updated_at again even where the clock stands still", () => {
    const at = Date.UTC(2031, 0, 1);
    const once = touched(world(3, 4), "subscriptions", 4, at);
    const twice = touched(once, "subscriptions", 4, at);
    const time = (of: World): string => (JSON.parse(rowText(of, "subscriptions", 1)) as Subscription).updated_at;
    expect([time(once), time(twice)]).toEqual(["2031-01-01 00:00:00", "2031-01-01 00:00:01"]);
  });
});
