import type { Exact } from "../util/exact.ts";
import { digest128 } from "../util/hash.ts";
import { isoUtc, stringify } from "../util/json-text.ts";

/** Length of the hashes that dlt wrote before 1.31. */
export const LEGACY_HASH_LENGTH = 20;

/**
 * The hash by which a row at the boundary of two runs is known again (spec dlt-core 6.7, dlt-1.31 1.6): SHAKE-128 of the
 * sorted JSON of the row's key, or of the whole row.
 *
 * @param legacy as dlt before 1.31: 20 characters, and dates as ISO texts; else 12, and dates as microseconds
 */
export function dedupHash(content: Exact, legacy: boolean): string {
  return digest128(stringify(withDates(content, legacy), { sortKeys: true }), legacy ? 15 : 9);
}

function withDates(value: Exact, legacy: boolean): Exact {
  if (value instanceof Date) return legacy ? isoUtc(value).replace("+00:00", "Z") : BigInt(value.getTime()) * 1000n;
  if (Array.isArray(value)) return value.map((item) => withDates(item, legacy));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withDates(item, legacy)]));
  return value;
}
