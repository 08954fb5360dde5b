/** The five lists, by the names of their endpoints. */
export const tableNames = ["orders", "products", "customers", "subscriptions", "product_bundle_index"] as const;
/** The name of a list, and so of the table that it becomes. */
export type TableName = (typeof tableNames)[number];

/** One call of `touch`: which rows were changed, and when. */
export interface Touch {
  readonly table: TableName;
  /** How many rows there were, how many of them changed, and where counting began. */
  readonly total: number;
  readonly changed: number;
  readonly start: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** One call of `grow`. */
export interface Growth {
  /** How many orders there were before. */
  readonly orders: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** All that the data depend on. Every row is computed from it when it is asked for; none is held. */
export interface World {
  readonly seed: number;
  /** Number of orders; the sizes of the other tables follow from it. */
  readonly orders: number;
  readonly touches: readonly Touch[];
  readonly growths: readonly Growth[];
  /** Whether orders carry a whole number beyond 2^53. */
  readonly bigIds: boolean;
}

/** @returns how many rows a table has. No table ever shrinks as orders are added. */
export function count(table: TableName, orders: number): number {
  if (orders === 0) return 0;
  const products = Math.min(5000, 20 + Math.floor(orders / 50));
  const counts: Record<TableName, number> = {
    orders,
    products,
    customers: Math.ceil(orders / 4),
    subscriptions: Math.ceil(orders / 2),
    product_bundle_index: Math.floor(products / productsPerBundle),
  };
  return counts[table];
}

/** Every tenth product is sold as a bundle of some before it. */
export const productsPerBundle = 10;
