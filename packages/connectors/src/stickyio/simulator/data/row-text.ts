import { bundleRow } from "./bundle-row.ts";
import { customerRow } from "./customer-row.ts";
import { orderRow } from "./order-row.ts";
import { productRow } from "./product-row.ts";
import { revisionOf, type Revision } from "./revision.ts";
import { subscriptionRow } from "./subscription-row.ts";
import type { TableName, World } from "./world.ts";

const builders: Record<TableName, (seed: number, index: number, revision: Revision) => object> = {
  orders: orderRow,
  products: productRow,
  customers: customerRow,
  subscriptions: subscriptionRow,
  product_bundle_index: bundleRow,
};

/** @returns a row as JSON text: a pure function of the world and the index. */
export function rowText(world: World, table: TableName, index: number): string {
  const text = JSON.stringify(builders[table](world.seed, index, revisionOf(world, table, index)));
  if (table !== "orders" || !world.bigIds) return text;
  // JSON.stringify cannot write such a number; odd ones, so that a double cannot hold them.
  const big = 2n ** 53n + 1n + 2n * BigInt(index);
  return `${text.slice(0, -1)},"network_reference_id":${big}}`;
}
