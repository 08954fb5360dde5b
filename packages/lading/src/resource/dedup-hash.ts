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
  return legacy ? legacyHash(content, "Z") : hash(content, (date) => BigInt(date.getTime()) * 1000n, 9);
}

/**
 * Whether a row is among those whose hashes were stored. Each hash is compared by its own length: a set has both where
 * dlt before and since 1.31 took turns.
 */
export function hashLookup(stored: readonly string[]): (content: Exact) => boolean {
  const hashes = new Set(stored);
  const hasLegacy = stored.some((one) => one.length === LEGACY_HASH_LENGTH);
  const hasNew = stored.some((one) => one.length !== LEGACY_HASH_LENGTH);
  return (content) =>
    (hasNew && hashes.has(dedupHash(content, false))) ||
    (hasLegacy && zonesOf(content).some((zone) => hashes.has(legacyHash(content, zone))));
}

/** How the zone of a date was written by dlt before 1.31: of Python's own dates, of those of pendulum, of naive ones. */
const zones = ["Z", "+00:00", ""] as const;

/** All, where it makes a difference. */
function zonesOf(content: Exact): readonly (typeof zones)[number][] {
  return hasDate(content) ? zones : ["Z"];
}

function legacyHash(content: Exact, zone: (typeof zones)[number]): string {
  return hash(content, (date) => isoUtc(date).replace("+00:00", zone), 15);
}

function hash(content: Exact, write: (date: Date) => Exact, bytes: number): string {
  return digest128(stringify(withDates(content, write), { sortKeys: true }), bytes);
}

function withDates(value: Exact, write: (date: Date) => Exact): Exact {
  if (value instanceof Date) return write(value);
  if (Array.isArray(value)) return value.map((item) => withDates(item, write));
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withDates(item, write)]));
  return value;
}

function hasDate(value: Exact): boolean {
  if (Array.isArray(value)) return value.some(hasDate);
  if (value instanceof Map) return [...value.values()].some(hasDate);
  return value instanceof Date;
}
