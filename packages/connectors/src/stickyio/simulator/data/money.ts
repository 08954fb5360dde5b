import type { Money } from "../../rows.ts";

/** No money at all. */
export const nothing: Money = "0.00";

/** @returns an amount in cents as text with two decimals. */
export function money(cents: number): Money {
  const sign = cents < 0 ? "-" : "";
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
