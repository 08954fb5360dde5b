import { pick } from "./dice.ts";

const opening = Date.UTC(2016, 0, 1);
const secondsBetweenOrders = 30;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** @returns when an order was placed, in milliseconds since 1970; later orders are later, whatever the seed. */
export function orderTime(seed: number, order: number): number {
  return opening + 1000 * (order * secondsBetweenOrders + pick(seed, 31, order, secondsBetweenOrders));
}

/** @returns when a customer signed up: a while before the first order that can be theirs. */
export function customerTime(seed: number, customer: number): number {
  return opening + 1000 * (customer * 4 * secondsBetweenOrders - 60 - pick(seed, 32, customer, 3600));
}

/** @returns when a product was put up: before the first order of all. */
export function productTime(product: number): number {
  return opening - 365 * dayMs + product * hourMs;
}

/** @returns a time some days later. */
export function daysLater(ms: number, days: number): number {
  return ms + days * dayMs;
}
