import { hash32, pick, scramble } from "./dice.ts";
import { count, productsPerBundle } from "./world.ts";

/** Which other rows an order belongs to, as indexes. All of them exist as soon as the order does. */
export interface OrderLinks {
  readonly customer: number;
  /** The order that this one is a rebill of. */
  readonly parent: number | undefined;
  /** Every even order begins a subscription, and a rebill goes on with its parent's. */
  readonly subscription: number | undefined;
  /** One to three different products; the first is the subscribed one. */
  readonly products: readonly number[];
}

const salts = { rebill: 11, parent: 12, customer: 13, product: 14, lines: 15, second: 16, third: 17, part: 18, id: 19 };

/** @returns what an order belongs to; only of the seed and the index, so that later orders change nothing. */
export function orderLinks(seed: number, order: number): OrderLinks {
  const parent = parentOf(seed, order);
  const root = parent ?? order;
  const first = firstProduct(seed, root);
  const subscription = root % 2 === 0 ? root / 2 : undefined;
  const customer = customerOf(seed, root);
  const products = count("products", order + 1);
  const lines = pick(seed, salts.lines, order, 3);
  const more = [pick(seed, salts.second, order, products), pick(seed, salts.third, order, products)].slice(0, lines);
  return { customer, parent, subscription, products: [...new Set([first, ...more])] };
}

/** @returns the order that begins a subscription. */
export function orderOfSubscription(subscription: number): number {
  return subscription * 2;
}

/** @returns the index of the product that is sold as a bundle. */
export function productOfBundle(bundle: number): number {
  return bundle * productsPerBundle + productsPerBundle - 1;
}

/** @returns whether a product is sold as a bundle. */
export function isBundle(product: number): boolean {
  return product % productsPerBundle === productsPerBundle - 1;
}

/** @returns two to four different products, none of them a bundle, that stand before the bundle's own. */
export function partsOfBundle(seed: number, bundle: number): readonly number[] {
  const own = productOfBundle(bundle);
  const size = 2 + pick(seed, salts.part, bundle, 3);
  const first = pick(seed, salts.part + 100, bundle, productsPerBundle - 1);
  return Array.from(
    { length: size },
    (_, k) => own - productsPerBundle + 1 + ((first + k * 2) % (productsPerBundle - 1)),
  );
}

/** @returns 32 hexadecimal digits; the first eight are a one-to-one image of the index, so that no two are equal. */
export function subscriptionId(seed: number, subscription: number): string {
  let text = hex(scramble(subscription ^ scramble(seed)));
  for (let part = 0; part < 3; part++) text += hex(hash32(seed, salts.id + part, subscription));
  return text;
}

function parentOf(seed: number, order: number): number | undefined {
  if (order % 2 === 0 || pick(seed, salts.rebill, order, 5) >= 2) return undefined;
  return 2 * pick(seed, salts.parent, order, (order + 1) / 2);
}

function customerOf(seed: number, order: number): number {
  return pick(seed, salts.customer, order, count("customers", order + 1));
}

function firstProduct(seed: number, order: number): number {
  return pick(seed, salts.product, order, count("products", order + 1));
}

function hex(bits: number): string {
  return bits.toString(16).padStart(8, "0");
}
